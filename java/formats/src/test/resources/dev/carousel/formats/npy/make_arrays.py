#!/usr/bin/python3
"""Writes the .npy and .npz files beside this script: arrays of every kind that are read, and of kinds that are refused.

Needs Debian 12's python3-numpy (1.24). It writes the same bytes each time. To regenerate:

    /usr/bin/python3 make_arrays.py

The number at index i of each array, counted in C's order, is (i - 5) / 4 for floats and i - 5 for integers.
"""

import os

import numpy
from numpy.lib import format as npy


def numbers(dtype, shape):
    count = int(numpy.prod(shape))
    values = numpy.arange(count, dtype="f8") - 5
    kind = numpy.dtype(dtype).kind
    return (values / 4 if kind == "f" else values).astype(dtype).reshape(shape)


def save(name, array, version=None):
    with open(name + ".npy", "wb") as file:
        npy.write_array(file, array, version=version, allow_pickle=True)


def main():
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    for dtype in ("f4", "f8", "f2", "i4", "i8"):
        save("c_" + dtype, numbers("<" + dtype, (2, 3, 4)))
        save("fortran_" + dtype, numpy.asfortranarray(numbers("<" + dtype, (2, 3, 4))))
    save("flat", numbers("<f4", (7,)))
    save("scalar", numbers("<f4", ()))
    save("empty", numbers("<f4", (0, 3)))
    save("empty_deep", numbers("<f4", (3, 0, 2)))
    save("version_2", numbers("<f4", (2, 3)), (2, 0))
    save("version_3", numbers("<f4", (2, 3)), (3, 0))
    save("big_endian", numbers(">f4", (2, 3)))
    save("objects", numpy.array([1, "two"], dtype=object))
    save("truth", numpy.array([True, False]))
    save("unsigned", numbers("<f4", (9,)).astype("<u4"))
    save("bytes", numbers("<f4", (9,)).astype("i1"))
    save("complex", numbers("<f4", (9,)).astype("<c8"))
    save("text", numpy.array(["one", "two"]))
    save("times", numpy.array(["2000-01-01"], dtype="<M8[D]"))
    save("records", numpy.zeros(3, dtype=[("a", "<f4"), ("b", "<i4")]))
    arrays = {
        "one": numbers("<f4", (2, 3)),
        "deep/two": numpy.asfortranarray(numbers("<f8", (3, 4))),
        "wärme": numbers("<i8", (5,)),
        "none": numbers("<f4", (0,)),
    }
    numpy.savez("stored.npz", **arrays)
    numpy.savez_compressed("deflated.npz", **arrays)
    numpy.savez("objects.npz", numbers=arrays["one"], things=numpy.array([1, "two"], dtype=object))


if __name__ == "__main__":
    main()
