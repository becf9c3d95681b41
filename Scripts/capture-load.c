// Sends UDP datagrams from one end of a veth pair at a steady rate: capture-load INTERFACE PACKETS RATE BYTES.
// Frames are sent as they are, to nobody: what is measured is capturing, not the network stack.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { batch = 50 };

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 5) return fprintf(stderr, "usage: capture-load INTERFACE PACKETS RATE BYTES\n"), 2;
    int packets = atoi(arguments[2]), rate = atoi(arguments[3]), bytes = atoi(arguments[4]);
    int descriptor = socket(AF_PACKET, SOCK_RAW, 0);
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(arguments[1])};
    if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&address, sizeof address) < 0) return perror("capture-load"), 1;

    unsigned char *frame = calloc(1, (size_t)bytes);
    static const unsigned char header[] = {
        2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0x10, 0, 0x20, 0, 0, 0, 0, 0,
    };
    memcpy(frame, header, sizeof header);
    frame[16] = (unsigned char)((bytes - 14) >> 8), frame[17] = (unsigned char)(bytes - 14);
    frame[38] = (unsigned char)((bytes - 34) >> 8), frame[39] = (unsigned char)(bytes - 34);
    struct iovec part = {.iov_base = frame, .iov_len = (size_t)bytes};
    struct mmsghdr messages[batch] = {0};
    for (int i = 0; i < batch; i++) messages[i].msg_hdr.msg_iov = &part, messages[i].msg_hdr.msg_iovlen = 1;

    double start = now();
    int sent = 0, failed = 0;
    while (sent < packets) {
        double due = start + (double)sent / rate, wait = due - now();
        if (wait > 0) nanosleep(&(struct timespec){.tv_nsec = (long)(wait * 1e9)}, NULL);
        int wanted = packets - sent < batch ? packets - sent : batch;
        int done = sendmmsg(descriptor, messages, (unsigned)wanted, 0);
        if (done < 0) { failed++; if (failed > 1000000) return perror("capture-load"), 1; continue; }
        sent += done;
    }
    printf("%d %.3f\n", sent, now() - start);
    return 0;
}
