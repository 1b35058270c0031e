"""Every environment variable of the project, once. Only entry points (app.py, eval/, __main__.py) read this."""

from functools import cache
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent


class Settings(BaseSettings):
    """What the environment says. Variables start with SHOP_, but for ENGINE and SHARE."""

    model_config = SettingsConfigDict(env_prefix="SHOP_", env_ignore_empty=True, extra="ignore")

    data: Path = ROOT / "data"
    database_url: str = ""
    index_dir: Path | None = None
    encoder: str = "use"
    sanctions: Path | None = None

    llm_url: str | None = None
    llm_model: str | None = None
    llm_key: SecretStr | None = None
    llm_gguf: Path | None = None
    llm_answers: str | None = Field(None, pattern="^(model|tools)$")
    llm_native_calls: bool = False
    llm_timeout: float = Field(60.0, gt=0)
    engine: str | None = Field(None, validation_alias="ENGINE")

    cache: Path = user_cache_path("haitao")
    host: str = "127.0.0.1"
    port: int = 7860
    share: bool = Field(False, validation_alias="SHARE")

    @property
    def database(self) -> str:
        """The database's URL: SHOP_DATABASE_URL, or a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'shop.db'}"

    @property
    def index(self) -> Path:
        """The folder of the search index."""
        return self.index_dir or self.data / "index"


@cache
def load() -> Settings:
    """Read the environment once."""
    return Settings()
