"""Pure planning: values in, a plan out. No I/O, no clock, no dependence on order.

Everything here can be tested by properties, shown before it is applied, explained afterwards, and run live
behind a settings form (design, section 3 point 5).
"""
