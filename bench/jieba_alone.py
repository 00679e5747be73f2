"""jieba and nothing else: python bench/jieba_alone.py FOLDER"""

import sys
from pathlib import Path

import jieba

for path in sorted(Path(sys.argv[1]).glob("*.txt")):
    jieba.lcut(path.read_text(encoding="utf-8"), HMM=False)
