"""Generated examples are the same in every run, so that a commit passes or fails for what it changed.

`MANCIPLE_EXAMPLES=N` searches instead: N examples, drawn anew.
"""

import os

from hypothesis import settings

settings.register_profile("repeated", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None, print_blob=True)
settings.load_profile("searching" if "MANCIPLE_EXAMPLES" in os.environ else "repeated")
