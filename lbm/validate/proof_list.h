/* SPDX-License-Identifier: Apache-2.0
 *
 * The validation cases: X(function, "name", Reynolds number, cells, updates of cells in 10^9, "what
 * flows: all that tells it from the others", "source of the reference"). Cells are those of the
 * length that makes the Reynolds number; one quiet core updates some 0.3 10^9 cells a second.
 * Included many times, hence no guard.
 *
 * To add one: write proof_<kind>.c with `enum status proof_<kind>_run(...)`, declare it
 * by its line here and add the source to CMakeLists.txt; or another line for a kind that there
 * is. Its figures stand in proof_figure_list.h. */
X(proof_cavity_run, "cavity-re100-64", 100, 64, 0.079,
  "lid-driven cavity, Re 100, 64 x 64 cells, cumulant, float64",
  "Ghia et al. 1982, extrema of Botella and Peyret 1998")
X(proof_cavity_run, "cavity-re1000-64", 1000, 64, 0.34,
  "lid-driven cavity, Re 1000, 64 x 64 cells, cumulant, float64",
  "Ghia et al. 1982, extrema of Botella and Peyret 1998")
X(proof_cavity_run, "cavity-re100-128", 100, 128, 0.63,
  "lid-driven cavity, Re 100, 128 x 128 cells, cumulant, float64",
  "Ghia et al. 1982, extrema of Botella and Peyret 1998")
X(proof_cavity_run, "cavity-re1000-128", 1000, 128, 2.7,
  "lid-driven cavity, Re 1000, 128 x 128 cells, cumulant, float64",
  "Ghia et al. 1982, extrema of Botella and Peyret 1998")
X(proof_channel_run, "dfg-2d2-d20", 100, 20, 1.08,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 20, peak speed 0.1, cumulant, float32",
  "Schaefer and Turek 1996")
X(proof_channel_run, "dfg-2d2-d40", 100, 40, 17.3,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 40, peak speed 0.05, cumulant, float32",
  "Schaefer and Turek 1996")
X(proof_channel_run, "dfg-2d2-d60", 100, 60, 87.7,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 60, peak speed 0.033, cumulant, float32",
  "Schaefer and Turek 1996")
X(proof_channel_brisk_run, "dfg-2d2-d40-brisk", 100, 40, 9.9,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 40, peak speed 0.0875, cumulant, float32",
  "Schaefer and Turek 1996")
X(proof_channel_fast_run, "dfg-2d2-d40-fast", 100, 40, 8.66,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 40, peak speed 0.1, cumulant, float32",
  "Schaefer and Turek 1996")
X(proof_channel_trt_run, "dfg-2d2-trt-d20", 100, 20, 1.08,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 20, peak speed 0.1, TRT 3/16, float32",
  "Schaefer and Turek 1996")
X(proof_channel_trt_run, "dfg-2d2-trt-d40", 100, 40, 17.3,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 40, peak speed 0.05, TRT 3/16, float32",
  "Schaefer and Turek 1996")
X(proof_channel_trt_run, "dfg-2d2-trt-d60", 100, 60, 87.7,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 60, peak speed 0.033, TRT 3/16, float32",
  "Schaefer and Turek 1996")
X(proof_channel_trt_slow_run, "dfg-2d2-trt-d40-slow", 100, 40, 28.9,
  "DFG 2D-2, cylinder in a channel, Re 100, D = 40, peak speed 0.03, TRT 3/16, float32",
  "Schaefer and Turek 1996")
X(proof_cylinder_run, "cylinder-re40", 40, 20, 8.7,
  "circle, 5 % blockage, Re 40, D = 20, cumulant, float32: steady",
  "intervals of published figures")
X(proof_cylinder_run, "cylinder-re45", 45, 20, 8.2,
  "circle, 5 % blockage, Re 45, D = 20, cumulant, float32: still steady",
  "the wake is steady below Re 47")
X(proof_cylinder_run, "cylinder-re60", 60, 20, 13.3,
  "circle, 5 % blockage, Re 60, D = 20, cumulant, float32: sheds",
  "the wake sheds above Re 47; St after Williamson 1989")
X(proof_cylinder_run, "cylinder-re100", 100, 20, 10.2,
  "circle, 5 % blockage, Re 100, D = 20, cumulant, float32: sheds",
  "intervals of published figures")
X(proof_square_run, "square-re100", 100, 20, 11.3,
  "square, 5 % blockage, Re 100, D = 20, cumulant, float32: sheds",
  "Sohankar, Norberg, Davidson 1998")
X(proof_sweep_run, "sweep", 1000, 20, 15.2,
  "200 random cases of all families, Re 20 to 1000, D 10 to 20, two canvases, 10^4 steps, "
  "production mode, float32",
  "none may diverge")
