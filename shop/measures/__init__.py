"""What a merchant can measure: defined once, asked by a small typed query, compiled to SQL over the own rows."""
