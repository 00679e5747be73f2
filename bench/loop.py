"""The loop that people write, the words of each document counted: python bench/loop.py FOLDER STOPWORDS CSV"""

import re
import sys
from collections import Counter
from pathlib import Path

import jieba
import pandas as pd

folder, stopwords, out = sys.argv[1:]
stop = set(Path(stopwords).read_text(encoding="utf-8").split())
rows = []
for path in sorted(Path(folder).glob("*.txt")):
    text = re.sub("[^\u4e00-\u9fa5]", " ", path.read_text(encoding="utf-8"))
    counted = Counter(word for word in jieba.lcut(text) if len(word) > 1 and word not in stop)
    rows += [(path.stem, word, n) for word, n in counted.items()]
pd.DataFrame(rows, columns=["document", "word", "n"]).to_csv(out, index=False)
