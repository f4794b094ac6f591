"""What the web server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capofila.settings")
application = get_wsgi_application()

# What is loaded by now stays for good: the collector need not look through it again and again. It took a
# tenth of the time of a save (`bin/bench interview`).
gc.freeze()
gc.set_threshold(50_000, 50, 1_000)
