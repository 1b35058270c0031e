"""The model servers: weights, environments, engines and the one launcher."""
