"""Find products and policy passages in any language."""
