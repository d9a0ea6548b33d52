"""Short sentences in a good or a bad mood, as a made-up data set."""

import numpy as np


def moods(samples=600, seed=0):
    """Sentences made of words: class 1 where somebody liked it; "not" turns that around."""
    rng = np.random.default_rng(seed)
    things = ["the film", "the soup", "this book", "our hotel", "my trip", "the play"]
    starts = ["honestly", "i thought", "for me", "my sister says", "we all found"]
    degrees = ["very", "really", "quite", "so", "rather"]
    likes = ["good", "great", "lovely", "funny", "exciting", "wonderful", "charming"]
    dislikes = ["bad", "dull", "awful", "boring", "poor", "terrible", "tiring"]
    texts, moods_of_texts = [], []
    for _ in range(samples):
        mood, is_turned = rng.integers(2), rng.random() < 0.35
        word = rng.choice(likes if mood ^ is_turned else dislikes)
        degree = rng.choice(degrees)
        said = f"not {degree} {word}" if is_turned else f"{degree} {word}"
        texts.append(f"{rng.choice(starts)} {rng.choice(things)} was {said}")
        moods_of_texts.append(mood)
    return {"text": np.array(texts), "mood": np.array(moods_of_texts)}
