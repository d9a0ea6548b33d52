"""Layer Studio: draw neural networks, see their shapes, read their code, watch them learn."""
