"""What several tests need: the graph language, strategies, fake engine."""
