"""Real servers from wheels, on loopback, that die with the process that started them."""
