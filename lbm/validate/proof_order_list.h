/* SPDX-License-Identifier: Apache-2.0
 *
 * Between which cases of one flow the order of convergence is told: X("coarse", "fine", "quantity",
 * least, greatest order). The method is of second order; the first refinement may gain more, since
 * the boundary layer is two cells thick at D = 20. TRT's lift and pressure difference change sides
 * of the reference on the way, so they have no order; the cumulant operator's must fall, no more.
 * Included many times, hence no guard. */
X("dfg-2d2-trt-d20", "dfg-2d2-trt-d40", "greatest Cd", 1.5, 3)
X("dfg-2d2-trt-d40", "dfg-2d2-trt-d60", "greatest Cd", 1.5, 3)
X("dfg-2d2-trt-d20", "dfg-2d2-trt-d40", "St", 1.5, 3)
X("dfg-2d2-trt-d40", "dfg-2d2-trt-d60", "St", 1.5, 3)
X("dfg-2d2-d20", "dfg-2d2-d40", "greatest Cd", 0, 4)
X("dfg-2d2-d40", "dfg-2d2-d60", "greatest Cd", 0, 4)
X("dfg-2d2-d20", "dfg-2d2-d40", "greatest Cl", 0, 4)
X("dfg-2d2-d40", "dfg-2d2-d60", "greatest Cl", 0, 4)
X("dfg-2d2-d20", "dfg-2d2-d40", "St", 0, 4)
X("dfg-2d2-d40", "dfg-2d2-d60", "St", 0, 4)
