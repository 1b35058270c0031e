"""The shop's domain: people, goods, orders, parcels, money and rules. No AI in it."""
