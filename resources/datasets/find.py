"""How a notebook finds its data file."""

from pathlib import Path


def find_data(name, folder=""):
    """The file where it was, beside this notebook, in Kaggle's inputs, or uploaded."""
    for path in (Path(folder, name), Path(name), *Path("/kaggle/input").rglob("*")):
        if path.name == name and path.is_file():
            return path
    try:
        from google.colab import files
    except ImportError:
        message = f"Put {name} into the folder of this notebook."
        raise FileNotFoundError(message) from None
    print(f"Choose {name}:")
    return Path(next(iter(files.upload()), name))
