"""What proves that stored outputs and checks are true."""
