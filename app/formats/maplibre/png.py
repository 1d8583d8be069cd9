"""PNG files (ISO 15948) of pixels, so that icons are drawn here and no image lies in the repository."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

MEDIA_TYPE = "image/png"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA = 6


def write(pixels: NDArray[Any]) -> bytes:
    """Rows of pixels of red, green, blue and opacity, 0 to 255 each."""
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 4 * width), np.uint8)
    # The byte before each row says that it is written as it is.
    rows[:, 1:] = pixels.astype(np.uint8).reshape(height, 4 * width)
    header = struct.pack(">IIBBBBB", width, height, 8, _RGBA, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
