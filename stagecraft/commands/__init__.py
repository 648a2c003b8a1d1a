"""Commands of the command line, by what they are about. `cli` gathers them; heavy imports happen inside them."""
