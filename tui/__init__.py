"""The console of manciple: reads the store, gives orders, and shows what happens; rendering never delays the engine."""
