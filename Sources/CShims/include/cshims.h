// System calls that Swift cannot make: variadic ones, and those whose arguments only C's headers describe.
#ifndef CSHIMS_H
#define CSHIMS_H

#include <spawn.h>
#include <stddef.h>

// Each but the one that opens and the one that counts returns 0, or the system's error number; ENOSYS where the system has nothing of the kind.

// From now on no program that this process starts can have more rights than it.
int shims_renounce_new_privileges(void);

// The calling thread and those that it starts have no capabilities any more; with `keeps_files`, but that of writing everywhere.
int shims_drop_capabilities(int keeps_files);

// A descriptor that names a directory, which need not be readable; below 0 if there is none.
int shims_open_directory(const char *path);

// The calling thread and those that it starts can open no file any more but below the given directories (open descriptors): files below
// the readable ones only for reading.
int shims_confine_files(const int *writable, size_t writable_count, const int *readable, size_t readable_count);

// The process can neither make sockets nor start programs any more; with `denies_files`, nor open, make, rename or remove files.
int shims_confine_calls(int denies_files);

// A capturing socket takes no further packets; those that it has stay.
int shims_refuse_packets(int descriptor);

// A pipe takes this many bytes before its writer waits.
int shims_widen_pipe(int descriptor, int byte_count);

// How many bytes of a pipe nobody has read yet; below 0 if that isn't known.
int shims_unread_byte_count(int descriptor);

// Leaves a process that is started the standard descriptors alone.
int shims_keep_standard_descriptors(posix_spawn_file_actions_t *actions);

#endif
