"""Short sentences in a good or a bad mood, as a made-up data set."""

import numpy as np


def moods(samples=600, seed=0):
    """Sentences put together from words: class 1 where somebody liked it. "Not" turns the mood around."""
    rng = np.random.default_rng(seed)
    things = ["the film", "the soup", "this book", "the concert", "our hotel", "the new game", "my trip", "the play"]
    starts = ["honestly", "yesterday i thought", "for me", "my sister says", "in the end", "we all found"]
    degrees = ["very", "really", "quite", "so", "rather"]
    words = {
        1: ["good", "great", "lovely", "funny", "exciting", "wonderful", "charming", "delightful"],
        0: ["bad", "dull", "awful", "boring", "poor", "terrible", "tiring", "disappointing"],
    }
    texts, moods_of_texts = [], []
    for _ in range(samples):
        mood, is_turned = rng.integers(2), rng.random() < 0.35
        word = rng.choice(words[int(mood ^ is_turned)])
        degree = rng.choice(degrees)
        said = f"not {degree} {word}" if is_turned else f"{degree} {word}"
        texts.append(f"{rng.choice(starts)} {rng.choice(things)} was {said}")
        moods_of_texts.append(mood)
    return {"text": np.array(texts), "mood": np.array(moods_of_texts)}
