/* SPDX-License-Identifier: Apache-2.0
 *
 * Other machines as small trees of files: what their control groups and masks leave a process. */
#include "processors.h"

#include "mounts.h"
#include "temporary_folder.h"

#include <string.h>

TestSuite(processors, .init = temporary_folder_create, .fini = temporary_folder_remove);

#define MOUNT_V2 "31 23 0:28 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw,nsdelegate\n"

static void put(const char *name, const char *text)
{
    char folder[PATH_SIZE];
    (void)snprintf(folder, sizeof folder, "%s", temporary_folder_path(name));
    *strrchr(folder, '/') = '\0';
    cr_assert_eq(path_make_folder(folder), OK, "%s", error_message());
    temporary_folder_write(name, text);
}

/* A machine of 8 processors, all allowed. */
static void put_machine(const char *groups, const char *mounts)
{
    put("sys/devices/system/cpu/online", "0-7\n");
    put("proc/self/status", "Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n");
    put("proc/self/cgroup", groups);
    put("proc/self/mountinfo", mounts);
}

static struct processors find(void)
{
    struct processors out;
    processors_find(&out, temporary_folder);
    return out;
}

Test(processors, lists_are_counted)
{
    cr_assert_eq(processors_count_list("0"), 1);
    cr_assert_eq(processors_count_list("0-3,8,10-11"), 7);
    cr_assert_eq(processors_count_list(""), 0);
    cr_assert_eq(processors_count_list("3-1"), 0);
    cr_assert_eq(processors_count_list("0-3;8"), 0);
    cr_assert_eq(processors_count_list("0-99999999999"), 0);
}

Test(processors, without_any_file_there_is_one_and_no_limit)
{
    struct processors found = find();
    cr_assert_eq(found.usable, 1);
    cr_assert_eq(found.limits.processors, 0);
    cr_assert_eq(found.limits.memory, 0);
}

Test(processors, without_a_quota_the_mask_decides)
{
    put_machine("0::/\n", MOUNT_V2);
    cr_assert_eq(find().usable, 8);
    put("proc/self/status", "Cpus_allowed_list:\t2,4-5\n");
    struct processors found = find();
    cr_assert_eq(found.online, 8);
    cr_assert_eq(found.allowed, 3);
    cr_assert_eq(found.usable, 3);
    cr_assert_str_eq(found.mask, "2,4-5");
}

Test(processors, version_2_quotas_of_the_group_and_all_above_it_hold)
{
    put_machine("0::/system.slice/job.scope\n", MOUNT_V2);
    put("sys/fs/cgroup/system.slice/job.scope/cpu.max", "max 100000\n");
    put("sys/fs/cgroup/system.slice/job.scope/memory.max", "max\n");
    put("sys/fs/cgroup/system.slice/cpu.max", "250000 100000\n");
    put("sys/fs/cgroup/system.slice/memory.max", "2147483648\n");
    put("sys/fs/cgroup/system.slice/memory.current", "1048576\n");
    struct processors found = find();
    cr_assert_float_eq(found.limits.processors, 2.5, 1e-12);
    cr_assert_eq(found.limits.processors_kind, 2);
    cr_assert_str_eq(found.limits.group, "/sys/fs/cgroup/system.slice");
    cr_assert_eq(found.usable, 3, "a part of a processor counts as one");
    cr_assert_eq(found.limits.memory, 2147483648);
    cr_assert_eq(found.limits.memory_used, 1048576);
    put("sys/fs/cgroup/system.slice/job.scope/cpu.max", "50000 100000\n");
    put("sys/fs/cgroup/system.slice/job.scope/memory.max", "1073741824\n");
    found = find();
    cr_assert_eq(found.usable, 1, "half a processor is one thread");
    cr_assert_eq(found.limits.memory, 1073741824);
    cr_assert_eq(found.limits.memory_used, 0, "what is in use above is no word on the group");
}

Test(processors, a_quota_beyond_the_mask_changes_nothing)
{
    put_machine("0::/\n", MOUNT_V2);
    put("sys/fs/cgroup/cpu.max", "1600000 100000\n");
    cr_assert_eq(find().usable, 8);
}

Test(processors, version_1_hierarchies_are_found_by_their_controllers)
{
    put_machine("4:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab\n1:name=systemd:/docker/cd\n",
                "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
                "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n");
    put("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    put("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    put("sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_quota_us", "400000\n");
    put("sys/fs/cgroup/cpu,cpuacct/docker/ab/cpu.cfs_period_us", "200000\n");
    put("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    struct processors found = find();
    cr_assert_eq(found.usable, 2);
    cr_assert_eq(found.limits.processors_kind, 1);
    cr_assert_eq(found.limits.memory, 0, "the largest number is no limit");
    put("sys/fs/cgroup/memory/docker/ab/memory.limit_in_bytes", "536870912\n");
    cr_assert_eq(find().limits.memory, 536870912);
}

/* The container sees its own group as the top of the hierarchy, but the kernel names it by the path
 * on the host. */
Test(processors, a_mounted_part_of_a_hierarchy_is_the_top_of_what_is_seen)
{
    put_machine("3:cpu,cpuacct:/docker/ab\n",
                "32 31 0:29 /docker/ab /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n");
    put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "300000\n");
    put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    cr_assert_eq(find().usable, 3);
    put("proc/self/cgroup", "3:cpu,cpuacct:/docker/abc\n");
    cr_assert_eq(find().usable, 3, "a group outside the part: its top is all there is to see");
    put("proc/self/cgroup", "3:cpu,cpuacct:/docker/ab/inner\n");
    put("sys/fs/cgroup/cpu/inner/cpu.cfs_quota_us", "100000\n");
    put("sys/fs/cgroup/cpu/inner/cpu.cfs_period_us", "100000\n");
    cr_assert_eq(find().usable, 1);
}

Test(processors, damaged_files_are_no_limits)
{
    put_machine("0::/../elsewhere\nnonsense\n::\n", MOUNT_V2 "x\n- - -\n");
    put("sys/fs/cgroup/cpu.max", "0 0\n");
    cr_assert_eq(find().usable, 8);
    put("sys/fs/cgroup/cpu.max", "100000\n");
    cr_assert_eq(find().usable, 8);
    put("sys/fs/cgroup/cpu.max", "many 100000\n");
    cr_assert_eq(find().usable, 8);
}

Test(processors, mounts_are_read_with_blanks_in_their_names)
{
    struct mounts_entry mount;
    put("proc/self/mountinfo",
        "36 35 98:0 / /a\\040b\\134c rw,noatime master:1 shared:2 - nfs4 host:/x rw,vers=4\n");
    FILE *mounts = mounts_open(temporary_folder);
    cr_assert_eq(mounts_next(&mount, mounts), 1);
    cr_assert_str_eq(mount.point, "/a b\\c");
    cr_assert_str_eq(mount.type, "nfs4");
    cr_assert(mounts_has_word(mount.options, "vers=4"));
    cr_assert_not(mounts_has_word(mount.options, "vers"));
    cr_assert_eq(mounts_next(&mount, mounts), 0);
    fclose(mounts);
    cr_assert_eq(mounts_next(&mount, NULL), 0);
}

Test(processors, this_machine_has_one_at_least)
{
    struct processors found;
    processors_find(&found, "");
    cr_assert_geq(found.online, found.allowed);
    cr_assert_geq(found.allowed, found.usable);
    cr_assert_geq(found.usable, 1);
}
