/* SPDX-License-Identifier: Apache-2.0
 *
 * Dimension scales: named axes that h5py, xarray and netCDF understand. */
#pragma once

#include "error.h"

struct h5file;

/* Makes a one-dimensional array of the root a dimension scale, named as its path. */
enum status h5file_scale_make(struct h5file *file, const char *path);

/* Ties the axes of an array to scales, in order. Scales learn of it when the file is finished. */
enum status h5file_scale_attach(struct h5file *file, const char *path, const char *const *scales,
                                int rank);
