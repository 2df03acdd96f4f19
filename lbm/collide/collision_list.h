/* SPDX-License-Identifier: Apache-2.0
 *
 * The collision operators: X(name, "name in words", smallest tau, "what it is"). Included many
 * times, hence no guard. The limits of tau stand here and nowhere else: cumulant ran at Re 5000
 * with D = 10, U = 0.1, r = 1, which is tau = 0.5006; recursive-regularised bears high Re behind
 * round bodies but not behind squares; trt serves verification from 0.53 on; bgk, the least robust,
 * keeps a distance from that.
 *
 * To add one: write collide_<name>.h with the function collide_<name>, include it in
 * collision_functions.h, add a line here. The tests run over this list. */
X(cumulant, "cumulant", 0.5005, "cumulant, bulk rate 1, 4th-order equilibrium: makes the data")
X(trt, "trt", 0.53, "two relaxation times, magic parameter 3/16: verification")
X(bgk, "bgk", 0.55, "one relaxation time")
X(recursive_regularised, "recursive-regularised", 0.52,
  "second moments relaxed, higher ones rebuilt, 4th-order equilibrium: comparison")
