"""Compare what cities say and do in their documents.

The library cleans and tokenizes documents, measures and draws; the notebooks call it. Modules in the order in which
data flows: `decoding`, `formats`, `corpus`, `metadata`, `places` (reading); `characters`, `slips`, `furniture`,
`structure`, `cleaning` (text); `tokens`, `numerals`, `wording`, `measures`, `uncounted`, `phrases`, `counted`,
`scopes`, `statements`, `quantities`, `parts`, `programmes`, `linking`, `citations`, `codebook`, `themes`, `stances`,
`facts` (facts); `rows`, `cache`, `build`, `tables`, `audit` (tables); `terms`, `dictionary` (new words); `template`,
`alignment`, `matching`, `shared` (text that documents share); `matrix`, `topics`, `resampling`, `permutation`,
`quality`, `prevalence` (topics); `keyness`, `context`, `network`, `distances`, `correspondence`, `shifts`,
`milestones`, `confounding`, `multiverse`, `calibration` (comparison); `indicators`, `targets`, `questions`,
`systems`, `rounding`, `arithmetic` (facts side by side); `sheets`, `labels`, `validation`, `agreement`, `coding`,
`adjudication` (people's judgement); `language`, `figures`, `plots`, `layout`, `maps`, `diagrams`, `curves`, `panels`,
`target_plots`, `grids`, `browser`, `concordance`, `systempage`, `notebook`, `pipeline`, `record`, `site`, `report`,
`verify`, `paper` (results); `search`, `changes`, `explore`, `showing`, `views` (the explorer); `edition`, `withholding`
(tables without text); `spreadsheet`, `guards`, `yamlfiles` (safe files); `parameters`, `state`, `register`, `practice`,
`study`, `cli` (calling it).
"""

import importlib.resources

__version__ = "0.1.0"
RESOURCES = importlib.resources.files(__name__) / "resources"


class CrosscityError(Exception):
    """An error to show without a traceback: it names the file or parameter and says what to do."""


def several(problems):
    """One error for all problems found, so that a user mends them in one go.

    Parameters
    ----------
    problems : list of str
        One sentence each; must not be empty.
    """
    if len(problems) == 1:
        return CrosscityError(problems[0])
    listed = "\n".join(f"  - {p}" for p in problems)
    return CrosscityError(f"{len(problems)} problems:\n{listed}")
