"""Bringing in what a shop has: products and orders, from Shopify's CSV or our own."""
