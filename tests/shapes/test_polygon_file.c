/* SPDX-License-Identifier: Apache-2.0 */
#include "polygon_file.h"

#include "array.h"
#include "body.h"
#include "temporary_folder.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status parse(double **points, int64_t *count, const char *text)
{
    *points = NULL;
    *count = 0;
    error_clear();
    return polygon_file_parse(points, count, text, strlen(text));
}

static const struct {
    const char *text;
    enum status status;
    const char *message; /* part of it */
} bad[] = {
    {"", ERR_DATA, "there is no vertex in it"},
    {"\n\n  \n", ERR_DATA, "there is no vertex in it"},
    {"# only\n# remarks\n", ERR_DATA, "there is no vertex in it"},
    {"x,y\n", ERR_DATA, "there is no vertex in it"},
    {"0,0\n", ERR_CONFIG, "a polygon of 1 vertices"},
    {"0,0\n1,0\n", ERR_CONFIG, "a polygon of 2 vertices"},
    {"0,0\n1,0\n0,0\n", ERR_CONFIG, "vertex 3 of the polygon repeats vertex 1"},
    {"x\n0\n1\n", ERR_DATA, "line 2: 1 value in the line"},
    {"0,0\n1\n0,1\n", ERR_DATA, "line 2: 1 value in the line"},
    {"0,0,0\n1,0,0\n0,1,0\n", ERR_DATA, "line 1: 3 values in the line"},
    {"0,0\n1,0,\n0,1\n", ERR_DATA, "line 2: 3 values in the line"},
    {"1,2,3,4,5,6,7,8,9,10\n", ERR_DATA, "line 1: 10 values in the line"},
    {"0,0\n1,0\n0,1 # the top\n", ERR_DATA, "line 3: 5 values in the line"},
    {"0,0\nnan,0\n0,1\n", ERR_DATA, "line 2: x is 'nan', not a number"},
    {"nan,nan\n0,0\n1,0\n0,1\n", ERR_DATA, "line 1: x is 'nan', not a number"},
    {"0,0\n1,0\n0,Infinity\n", ERR_DATA, "line 3: y is 'Infinity', not a number"},
    {"0,0\n1,-inf\n0,1\n", ERR_DATA, "line 2: y is '-inf', not a number"},
    {"0,0\n1e999,0\n0,1\n", ERR_DATA, "line 2: x is '1e999', beyond the range"},
    {"0,0\n1e-999,0\n0,1\n", ERR_DATA, "line 2: x is '1e-999', beyond the range"},
    {"0,0\n2e9,0\n0,1\n", ERR_CONFIG, "vertex 2 of the polygon, (2e+09, 0), is more than"},
    {"0,0\none,0\n0,1\n", ERR_DATA, "line 2: x is 'one', not a number"},
    {"x,y\nx,y\n0,0\n1,0\n0,1\n", ERR_DATA, "line 2: x is 'x', not a number"},
    {"0,0\n1,0\nx,y\n0,1\n", ERR_DATA, "line 3: x is 'x', not a number"},
    {"1.2.3,0\n1,0\n0,1\n", ERR_DATA, "line 1: x is '1.2.3', not a number"},
    {"0,0\n0x10,0\n0,1\n", ERR_DATA, "line 2: x is '0x10', not a number"},
    {"0,0\n1,5;0,0\n0,0;1,0\n", ERR_DATA, "line 2: 4 values in the line"},
    {"0,0\n,1\n1,0\n", ERR_DATA, "line 2: x is '', not a number"},
    {"0,0\n1,\n1,0\n", ERR_DATA, "line 2: y is '', not a number"},
    {"0,0\n\"1\",\"0\"\n0,1\n", ERR_DATA, "line 2: x is '\"1\"', not a number"},
    {"0,0\n1,0\n0,1\n\n2,2\n3,2\n2,3\n", ERR_CONFIG,
     "line 5: another vertex behind the blank line 4"},
    {"0,0\n1,0\n\n0,1\n", ERR_CONFIG, "line 4: another vertex behind the blank line 3"},
    {"0,0\n9,0\n0,9\n0,0\n2,2\n3,2\n2,3\n2,2\n", ERR_CONFIG,
     "line 5: another vertex, but line 4 closes"},
    {"0,0\n1,0\n0,1\n0,0\n0,0\n", ERR_CONFIG, "line 5: another vertex, but line 4 closes"},
    {"# a\nx,y\n0,0\n1,1\n1,0\n0,1\n", ERR_CONFIG,
     "vertex 1 is in line 3: the polygon crosses itself: edge 1 "},
    {"0,0\r\n2,0\r\n2,2\r\n2,1\r\n0,1\r\n", ERR_CONFIG, "edges 2 and 3 lie on each other"},
    {"0,0\n1,1\n2,2\n", ERR_CONFIG, "all its vertices are on one line"},
    {"0,0\n1,0\n1,0\n0,1\n", ERR_CONFIG, "vertex 3 of the polygon repeats vertex 2"},
    {"0,0\n4,0\n4,4\n2,0\n0,4\n", ERR_CONFIG, "edge 1 from (0, 0) to (4, 0) meets edge 3"},
    {"0,0\n1e-400,0\n0,1\n", ERR_DATA, "line 2: x is '1e-400', beyond the range"},
    {"<html>\n<body>\n", ERR_DATA, "line 2: 1 value in the line"},
};

Test(polygon_file, bad_files_are_refused_with_the_reason)
{
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double *points;
        int64_t count;
        cr_expect_eq(parse(&points, &count, bad[i].text), bad[i].status, "'%s': %s", bad[i].text,
                     error_message());
        cr_expect_null(points);
        cr_expect_not_null(strstr(error_message(), bad[i].message), "'%s': %s", bad[i].text,
                           error_message());
    }
}

static void expect_triangle(const char *text)
{
    static const double triangle[] = {0, 0, 1.5, 0, 0, -2e-1};
    double *points;
    int64_t count;
    cr_assert_eq(parse(&points, &count, text), OK, "'%s': %s", text, error_message());
    cr_assert_eq(count, 3, "'%s'", text);
    for (int k = 0; k < 6; k++)
        cr_expect_eq(points[k], triangle[k], "'%s': number %d", text, k);
    array_free(points);
}

Test(polygon_file, what_people_write_is_read)
{
    expect_triangle("0,0\n1.5,0\n0,-0.2\n");
    expect_triangle("0,0\n1.5,0\n0,-0.2");
    expect_triangle("0,0\r\n1.5,0\r\n0,-0.2\r\n");
    expect_triangle("\xEF\xBB\xBFx,y\r\n0,0\r\n1.5,0\r\n0,-0.2\r\n");
    expect_triangle("0,0\n1.5,0\n0,-0.2\n0,0\n");
    expect_triangle(
        "\n# a triangle\n\nx [cells], y [cells]\n\n0,0\n# here\n1.5,0\n0,-0.2\n\n\n# end\n");
    expect_triangle("\"x\",\"y\"\n0,0\n1.5,0\n0,-0.2\n");
    expect_triangle("  0 ,  0\t\n+1.5 , 0\n0,\t-.2\n");
    expect_triangle("0;0\n1.5;0\n0;-2e-1\n");
    expect_triangle("0 0\n1.5   0\n0\t-200E-3\n");
}

Test(polygon_file, more_vertices_than_a_body_takes_are_refused)
{
    enum { LINE = 32 };
    char *text = malloc((BODY_VERTICES + 1) * LINE);
    double *points;
    int64_t count;
    size_t used = 0, whole = 0;
    cr_assert_not_null(text);
    for (int i = 0; i <= BODY_VERTICES; i++) {
        whole = i == BODY_VERTICES ? used : whole;
        used += (size_t)snprintf(text + used, LINE, "%d,%d\n", i, i * i % 7 + (i == 0 ? 90000 : 0));
    }
    cr_expect_eq(parse(&points, &count, text), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "line 4097: more than 4096 vertices"), "%s",
                       error_message());
    text[whole] = '\0';
    cr_expect_eq(parse(&points, &count, text), OK, "%s", error_message());
    cr_expect_eq(count, BODY_VERTICES);
    array_free(points);
    free(text);
}

/* Every number of the file cut or changed at every place: read or refused, and no memory touched
 * that is not ours (the sanitizers watch). */
Test(polygon_file, no_changed_byte_does_harm)
{
    static const char text[] = "# t\nx,y\n0,0\n1.5,0\n1,1\n0,-0.2\n0,0\n";
    static const char changes[] = {'\0', '\n', '\r', ',', ' ', '9', 'e', '.', '#', '-', (char)0xFF};
    int refused = 0;
    for (size_t at = 0; at < sizeof text; at++)
        for (size_t k = 0; k < sizeof changes; k++) {
            char changed[sizeof text];
            double *points = NULL;
            int64_t count;
            memcpy(changed, text, sizeof text);
            changed[at] = changes[k];
            size_t size = k == 0 ? at : sizeof text - 1;
            enum status status = polygon_file_parse(&points, &count, changed, size);
            cr_assert(status == OK || status == ERR_DATA || status == ERR_CONFIG);
            refused += status != OK;
            array_free(points);
        }
    cr_expect_gt(refused, 50);
    double *points;
    int64_t count;
    cr_expect_eq(polygon_file_parse(&points, &count, "0,0\n1\0,0", 8), ERR_DATA);
    cr_expect_not_null(strstr(error_message(), "byte 6 is zero"), "%s", error_message());
}

Test(polygon_file, messages_begin_with_the_path, .init = temporary_folder_create,
     .fini = temporary_folder_remove)
{
    double *points = NULL;
    int64_t count;
    temporary_folder_write("car.csv", "0,0\n1,0\n0;x\n");
    const char *path = temporary_folder_path("car.csv");
    cr_expect_eq(polygon_file_read(&points, &count, path), ERR_DATA);
    cr_expect_eq(strstr(error_message(), path), error_message());
    cr_expect_not_null(strstr(error_message(), "car.csv: line 3: y is 'x'"), "%s", error_message());
    temporary_folder_write("car.csv", "0,0\n1,0\n0;1\n");
    cr_expect_eq(polygon_file_read(&points, &count, path), OK, "%s", error_message());
    array_free(points);
    cr_expect_eq(polygon_file_read(&points, &count, temporary_folder_path("none.csv")), ERR_CONFIG);
    cr_expect_not_null(strstr(error_message(), "none.csv"), "%s", error_message());
}
