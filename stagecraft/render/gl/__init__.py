"""The window's drawing: OpenGL 3.3 through moderngl."""
