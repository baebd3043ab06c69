/*
 * Preloaded into a node: moves its wall clock, and makes its disk slow, failing or lying. Steered through a file that the
 * rig and the node map, whose fields are numbers of 8 bytes. Monotonic clocks are left alone, as they are by a real jump.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct control {
    volatile int64_t offset_ns;  /* added to the wall clock */
    volatile int64_t strobe_ns;  /* if not 0, only in every other interval of this length */
    volatile int64_t delay_ns;   /* each sync takes so much longer */
    volatile int64_t errors;     /* so many syncs fail from now on */
    volatile int64_t lie;        /* if not 0, syncs do nothing and say that they did */
    volatile int64_t shifted;    /* counts, from here on */
    volatile int64_t delayed;
    volatile int64_t failed;
    volatile int64_t lied;
};

static struct control *control;
static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void attach(void) {
    const char *path = getenv("STORE_JEPSEN_SHIM");
    real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    if (path != NULL) {
        int fd = open(path, O_RDWR);
        if (fd >= 0) {
            void *mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            close(fd);
            if (mapped != MAP_FAILED) control = mapped;
        }
    }
}

static int64_t offset(void) {
    struct timespec now;
    if (control == NULL || control->offset_ns == 0) return 0;
    if (control->strobe_ns > 0) {
        real_clock(CLOCK_MONOTONIC, &now);
        int64_t ns = (int64_t) now.tv_sec * 1000000000LL + now.tv_nsec;
        if ((ns / control->strobe_ns) % 2 == 0) return 0;
    }
    __sync_fetch_and_add(&control->shifted, 1);
    return control->offset_ns;
}

int clock_gettime(clockid_t id, struct timespec *out) {
    if (real_clock == NULL) real_clock = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real_clock(id, out);
    if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
        int64_t moved = offset();
        if (moved != 0) {
            int64_t ns = (int64_t) out->tv_sec * 1000000000LL + out->tv_nsec + moved;
            out->tv_sec = ns / 1000000000LL;
            out->tv_nsec = ns % 1000000000LL;
        }
    }
    return result;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    struct timespec now;
    (void) zone;
    int result = clock_gettime(CLOCK_REALTIME, &now);
    if (result == 0 && out != NULL) {
        out->tv_sec = now.tv_sec;
        out->tv_usec = now.tv_nsec / 1000;
    }
    return result;
}

time_t time(time_t *out) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return (time_t) -1;
    if (out != NULL) *out = now.tv_sec;
    return now.tv_sec;
}

static int synced(int (*real)(int), int fd) {
    if (control != NULL) {
        int64_t delay = control->delay_ns;
        if (delay > 0) {
            struct timespec pause = {delay / 1000000000LL, delay % 1000000000LL};
            __sync_fetch_and_add(&control->delayed, 1);
            nanosleep(&pause, NULL);
        }
        int64_t left = control->errors;
        while (left > 0) {
            if (__sync_bool_compare_and_swap(&control->errors, left, left - 1)) {
                __sync_fetch_and_add(&control->failed, 1);
                errno = EIO;
                return -1;
            }
            left = control->errors;
        }
        if (control->lie != 0) {
            __sync_fetch_and_add(&control->lied, 1);
            return 0;
        }
    }
    return real(fd);
}

int fsync(int fd) { return synced(real_fsync, fd); }

int fdatasync(int fd) { return synced(real_fdatasync, fd); }
