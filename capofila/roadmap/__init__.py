"""What to do next, and when: improvement actions, their priorities, a plan over 12 quarters."""
