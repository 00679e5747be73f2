"""What Latin letters Chinese output keeps: words that the field writes so, formats, keys, columns and parameters."""

import re

LATIN = {"papermill", "NMF", "NPMI", "log", "Dice", "tf", "idf", "HMM", "log Dice"}
KEPT = set(
    re.findall(
        r"\w+",
        "crosscity CSV BibTeX SHA SVG PDF PNG RE Ctrl Shift Jupyter Krippendorff alpha topics by false cleaning_log "
        "mask_places min_df variants together JupyterLab FREX p z x y k t a b d F G L DP manifest json",
    )
)


def english_left(text):
    """Words in Latin letters that are neither."""
    return [w for w in re.findall("[A-Za-z][A-Za-z_]*", text) if w not in LATIN | KEPT]
