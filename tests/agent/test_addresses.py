"""An address is read as people of many countries write it."""

import pytest

from agent import addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Please send order 1004 to 12 Oak Street, Springfield 62704", ("12 Oak Street", "Springfield", "62704")),
        ("send it to Flat 4, 18 Kings Road, London SW3 4RP please", ("Flat 4, 18 Kings Road", "London", "SW3 4RP")),
        ("could you ship to 88 Elm Court Apt 3B, Salem, OR 97301 instead?", ("88 Elm Court Apt 3B", "Salem", "97301")),
        ("450 Rue Sainte-Catherine, Montréal, QC H3B 1A7", ("450 Rue Sainte-Catherine", "Montréal", "H3B 1A7")),
        ("Bitte 1004 nach Lindenstraße 12, 50674 Köln", ("Lindenstraße 12", "Köln", "50674")),
        ("Meine neue Anschrift ist Am Markt 3a in 28195 Bremen.", ("Am Markt 3a", "Bremen", "28195")),
        ("Lindenstraße 12; Köln; 50674", ("Lindenstraße 12", "Köln", "50674")),
        ("je suis au 9 ter rue Pasteur à Lille (59000) en mai", ("9 ter rue Pasteur", "Lille", "59000")),
        ("ship to 5 Rue de la Paix, 75002 Paris, France", ("5 Rue de la Paix", "Paris", "75002")),
        ("C/ Mayor 4, 2ºB, 28013 Madrid", ("C/ Mayor 4, 2ºB", "Madrid", "28013")),
        ("Rua das Flores 120, Lisboa 1200-195", ("Rua das Flores 120", "Lisboa", "1200-195")),
        ("va in Viale Europa 7, interno 2 – 20100 Milano (MI)", ("Viale Europa 7, interno 2", "Milano", "20100")),
        ("Доставьте на ул. Ленина 5, кв. 12, Москва, 101000", ("ул. Ленина 5, кв. 12", "Москва", "101000")),
        ("Gül Cad. No: 45 Kat 3, Kadıköy, İstanbul 34710", ("Gül Cad. No: 45 Kat 3", "İstanbul", "34710")),
        ("غيروا العنوان إلى شارع الشيخ زايد 88، دبي، 12345", ("شارع الشيخ زايد 88", "دبي", "12345")),
        ("1004地址改为北京市朝阳区建国路93号，邮编100022", ("朝阳区建国路93号", "北京市", "100022")),
        ("請寄到上海市浦东新区世纪大道100号，200120", ("浦东新区世纪大道100号", "上海市", "200120")),
        ("〒150-0001 東京都渋谷区神宮前1-2-3です", ("神宮前1-2-3", "渋谷区", "150-0001")),
        ("住所は大阪市北区梅田2-4-9、郵便番号530-0001です", ("北区梅田2-4-9", "大阪市", "530-0001")),
        ("서울특별시 강남구 테헤란로 152, 06236", ("강남구 테헤란로 152", "서울특별시", "06236")),
    ],
)  # fmt: skip
def test_a_whole_address_is_read(text: str, address: tuple[str, str, str]) -> None:
    assert addresses.read(text, [1004]) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "change the delivery address of order 1004", "send 1004 to Main Street 5", "my zip code is 90210",
        "deliver it to reception at my hotel, Hotel Astoria", "cancel order 1004 and 1005", "Bahnhofstraße 3, Ulm",
        "9" * 5000, ", 12345 ,",
    ],
)  # fmt: skip
def test_what_lacks_a_part_is_no_address(text: str) -> None:
    assert addresses.read(text, [1004]) is None
