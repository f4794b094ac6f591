"""What every page shares: the frame, the stylesheet, fonts, headers, and who may open a page at all."""
