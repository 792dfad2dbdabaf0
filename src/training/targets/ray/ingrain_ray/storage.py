"""The storage that all machines of the cluster share: a path, or a URI that pyarrow knows."""

from pathlib import Path
from urllib.parse import unquote, urlparse

import pyarrow.fs


def place(uri: str) -> tuple[pyarrow.fs.FileSystem, str]:
    """The file system of a path or URI, and the path in it. Raises what pyarrow raises."""
    parts = urlparse(uri)
    if parts.scheme == "":
        return pyarrow.fs.LocalFileSystem(), uri
    if parts.scheme == "file":
        return pyarrow.fs.LocalFileSystem(), unquote(parts.path)
    return pyarrow.fs.FileSystem.from_uri(uri)


def upload(folder: Path, uri: str) -> None:
    """Puts the files of a folder there, in the place of what there is."""
    filesystem, path = place(uri)
    filesystem.create_dir(path, recursive=True)
    filesystem.delete_dir_contents(path, missing_dir_ok=True)
    pyarrow.fs.copy_files(
        str(folder), path, source_filesystem=pyarrow.fs.LocalFileSystem(), destination_filesystem=filesystem
    )


def write(uri: str, content: bytes) -> None:
    filesystem, path = place(uri)
    filesystem.create_dir(path.rpartition("/")[0], recursive=True)
    with filesystem.open_output_stream(path) as file:
        file.write(content)


def read(uri: str) -> bytes:
    filesystem, path = place(uri)
    with filesystem.open_input_stream(path) as file:
        return bytes(file.read())


def remove(uri: str) -> None:
    filesystem, path = place(uri)
    filesystem.delete_dir(path)
