#define _GNU_SOURCE
#include "cshims.h"

#include <errno.h>
#include <sys/ioctl.h>

int shims_unread_byte_count(int descriptor) {
    int count;
    return ioctl(descriptor, FIONREAD, &count) == 0 ? count : -1;
}

#ifdef __linux__

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int shims_renounce_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno;
}

int shims_open_directory(const char *path) { return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); }

int shims_drop_capabilities(int keeps_files) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0) return errno;
    const __u32 kept = keeps_files ? 1U << CAP_DAC_OVERRIDE : 0;
    data[0].effective &= kept, data[0].permitted &= kept;
    data[1].effective = data[1].permitted = 0;
    data[0].inheritable = data[1].inheritable = 0;
    return syscall(SYS_capset, &header, data) == 0 ? 0 : errno;
}

// What each version of Landlock knows of files (landlock(7)): newer rights are unknown to older kernels, which refuse them.
static __u64 file_rights(long version) {
    const __u64 first = (1ULL << 13) - 1;
    const __u64 refer = 1ULL << 13, truncate = 1ULL << 14, ioctl_device = 1ULL << 15;
    return first | (version >= 2 ? refer : 0) | (version >= 3 ? truncate : 0) | (version >= 5 ? ioctl_device : 0);
}

static int allow(int rules, const int *directories, size_t count, __u64 rights) {
    for (size_t i = 0; i < count; i++) {
        struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = directories[i]};
        if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) return errno;
    }
    return 0;
}

int shims_confine_files(const int *writable, size_t writable_count, const int *readable, size_t readable_count) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return version < 0 ? errno : ENOSYS;
    // The first member alone: what the oldest version takes.
    __u64 handled = file_rights(version);
    int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (rules < 0) return errno;
    int failure = allow(rules, writable, writable_count, handled);
    if (failure == 0) failure = allow(rules, readable, readable_count, LANDLOCK_ACCESS_FS_READ_FILE);
    if (failure == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0) failure = errno;
    close(rules);
    return failure;
}

#if defined(__x86_64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef NATIVE_ARCHITECTURE

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), ANSWER(SECCOMP_RET_ERRNO | EACCES)
// Of calls that a library tries before an older one: it is to fall back.
#define REFUSE_AS_UNKNOWN(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##call, 0, 1), ANSWER(SECCOMP_RET_ERRNO | ENOSYS)

static int install(struct sock_filter *code, size_t count) {
    struct sock_fprog program = {.len = (unsigned short)count, .filter = code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0 ? 0 : errno;
}

#define BEGIN                                                                                                  \
    LOAD(arch), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NATIVE_ARCHITECTURE, 1, 0), ANSWER(SECCOMP_RET_KILL_PROCESS), \
        LOAD(nr), /* numbers of x32 */ BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), ANSWER(SECCOMP_RET_ERRNO | ENOSYS)

static int refuse_sockets_and_programs(void) {
    struct sock_filter code[] = {
        BEGIN,
        REFUSE(socket), REFUSE(socketpair), REFUSE(connect), REFUSE(bind), REFUSE(listen), REFUSE(accept), REFUSE(accept4),
        REFUSE(sendto), REFUSE(sendmsg), REFUSE(sendmmsg),
        REFUSE(execve), REFUSE(execveat), REFUSE(ptrace), REFUSE(process_vm_readv), REFUSE(process_vm_writev),
        REFUSE(mount), REFUSE(umount2), REFUSE(unshare), REFUSE(setns), REFUSE(bpf), REFUSE(perf_event_open), REFUSE(keyctl),
        REFUSE_AS_UNKNOWN(io_uring_setup), REFUSE_AS_UNKNOWN(clone3),
#ifdef SYS_fork
        REFUSE(fork), REFUSE(vfork),
#endif
        // clone makes threads, and nothing else: what is no thread has no such flag.
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3), LOAD(args[0]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x00010000 /* CLONE_THREAD */, 1, 0), ANSWER(SECCOMP_RET_ERRNO | EACCES),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    return install(code, sizeof code / sizeof *code);
}

static int refuse_files(void) {
    struct sock_filter code[] = {
        BEGIN,
        REFUSE(openat), REFUSE(openat2), REFUSE(open_by_handle_at), REFUSE(mkdirat), REFUSE(mknodat), REFUSE(unlinkat), REFUSE(renameat2),
        REFUSE(linkat), REFUSE(symlinkat), REFUSE(fchmodat), REFUSE(fchownat), REFUSE(truncate),
#ifdef SYS_open
        REFUSE(open), REFUSE(creat), REFUSE(mkdir), REFUSE(mknod), REFUSE(unlink), REFUSE(rmdir), REFUSE(rename), REFUSE(renameat),
        REFUSE(link), REFUSE(symlink), REFUSE(chmod), REFUSE(chown), REFUSE(lchown),
#endif
        ANSWER(SECCOMP_RET_ALLOW),
    };
    return install(code, sizeof code / sizeof *code);
}

int shims_confine_calls(int denies_files) {
    int failure = refuse_sockets_and_programs();
    return failure == 0 && denies_files ? refuse_files() : failure;
}

#else
int shims_confine_calls(int denies_files) { (void)denies_files; return ENOSYS; }
#endif

int shims_refuse_packets(int descriptor) {
    struct sock_filter nothing = {.code = BPF_RET | BPF_K, .k = 0};
    struct sock_fprog program = {.len = 1, .filter = &nothing};
    return setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0 : errno;
}

int shims_widen_pipe(int descriptor, int byte_count) {
    return fcntl(descriptor, F_SETPIPE_SZ, byte_count) >= 0 ? 0 : errno;
}

int shims_keep_standard_descriptors(posix_spawn_file_actions_t *actions) {
    return posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

#else

int shims_renounce_new_privileges(void) { return ENOSYS; }
int shims_open_directory(const char *path) { (void)path; return -1; }
int shims_drop_capabilities(int keeps_files) { (void)keeps_files; return ENOSYS; }
int shims_confine_files(const int *writable, size_t writable_count, const int *readable, size_t readable_count) {
    (void)writable; (void)writable_count; (void)readable; (void)readable_count;
    return ENOSYS;
}
int shims_confine_calls(int denies_files) { (void)denies_files; return ENOSYS; }
int shims_refuse_packets(int descriptor) { (void)descriptor; return ENOSYS; }
int shims_widen_pipe(int descriptor, int byte_count) { (void)descriptor; (void)byte_count; return ENOSYS; }
int shims_keep_standard_descriptors(posix_spawn_file_actions_t *actions) { (void)actions; return ENOSYS; }

#endif
