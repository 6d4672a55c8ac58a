"""From the identity store to a target: observe, plan, apply, and take up again what a crash left open."""
