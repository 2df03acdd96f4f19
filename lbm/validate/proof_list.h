/* SPDX-License-Identifier: Apache-2.0
 *
 * The validation cases: X(function, "name", Reynolds number, cells, seconds on one core, "what
 * flows", "source of the reference"). Cells are those of the length that makes the Reynolds number.
 * Included many times, hence no guard.
 *
 * To add one: write proof_<kind>.c with `enum status proof_<kind>_run(...)`, declare it
 * by its line here and add the source to CMakeLists.txt; or another line for a kind that there
 * is. */
X(proof_cavity_run, "cavity-re100-64", 100, 64, 1, "lid-driven cavity, cumulant, float64",
  "Ghia et al. 1982, extrema of Botella and Peyret 1998")
X(proof_cavity_run, "cavity-re1000-64", 1000, 64, 4, "lid-driven cavity, cumulant, float64",
  "Ghia et al. 1982, extrema of Botella and Peyret 1998")
X(proof_cavity_run, "cavity-re100-128", 100, 128, 4, "lid-driven cavity, cumulant, float64",
  "Ghia et al. 1982, extrema of Botella and Peyret 1998")
X(proof_cavity_run, "cavity-re1000-128", 1000, 128, 30, "lid-driven cavity, cumulant, float64",
  "Ghia et al. 1982, extrema of Botella and Peyret 1998")
X(proof_channel_run, "dfg-2d2-d20", 100, 20, 6, "DFG 2D-2: cylinder in a channel, peak speed 0.1",
  "Schaefer and Turek 1996")
X(proof_channel_fast_run, "dfg-2d2-d40-fast", 100, 40, 40,
  "DFG 2D-2: cylinder in a channel, peak speed 0.1", "Schaefer and Turek 1996")
X(proof_channel_run, "dfg-2d2-d40", 100, 40, 80, "DFG 2D-2: cylinder in a channel, peak speed 0.05",
  "Schaefer and Turek 1996")
X(proof_channel_run, "dfg-2d2-d60", 100, 60, 400,
  "DFG 2D-2: cylinder in a channel, peak speed 0.033", "Schaefer and Turek 1996")
X(proof_channel_trt_run, "dfg-2d2-trt-d20", 100, 20, 6,
  "DFG 2D-2: cylinder in a channel, TRT, peak speed 0.1", "Schaefer and Turek 1996")
X(proof_channel_trt_run, "dfg-2d2-trt-d40", 100, 40, 80,
  "DFG 2D-2: cylinder in a channel, TRT, peak speed 0.05", "Schaefer and Turek 1996")
X(proof_channel_trt_run, "dfg-2d2-trt-d60", 100, 60, 400,
  "DFG 2D-2: cylinder in a channel, TRT, peak speed 0.033", "Schaefer and Turek 1996")
X(proof_cylinder_run, "cylinder-re40", 40, 20, 40, "circle in a wide stream: steady",
  "intervals of published figures")
X(proof_cylinder_run, "cylinder-re45", 45, 20, 35, "circle in a wide stream: still steady",
  "the wake is steady below Re 47")
X(proof_cylinder_run, "cylinder-re60", 60, 20, 60, "circle in a wide stream: sheds",
  "the wake sheds above Re 47")
X(proof_cylinder_run, "cylinder-re100", 100, 20, 40, "circle in a wide stream: sheds",
  "intervals of published figures")
X(proof_square_run, "square-re100", 100, 20, 45, "square, 5 % blockage: sheds",
  "Sohankar, Norberg, Davidson 1998")
X(proof_sweep_run, "sweep", 1000, 20, 60,
  "production mode on 200 random cases of all families, 10^4 steps", "none may diverge")
