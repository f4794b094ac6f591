"""What to do next. So far the goals a company may name; the improvement actions come with them."""
