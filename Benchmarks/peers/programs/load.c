// The clients: keep-alive connections, each with one request under way, for a given time. Prints what came of
// it as one line of JSON.
//
//   usage: load PORT [--connections N] [--seconds S | --requests N] [--path PATH] [--tokens FILE]
//               [--first N] [--body BYTES] [--upload BYTES]
//
//   --tokens  a file with one token a line; they are sent in turn, beginning with number --first
//   --body    how long every answer's body is (1024); every byte of it is checked
//   --upload  send a body of that many bytes with every request
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "pattern.h"

enum { MOST_CONNECTIONS = 4096, MOST_EVENTS = 256, LONGEST_LINE = 8192, LARGEST_HEAD = 8192, MOST_ERRORS = 1000 };
// Latencies are counted in steps of a quarter of a microsecond, up to half a second.
enum { STEPS_PER_MICROSECOND = 4, STEPS = 500000 * STEPS_PER_MICROSECOND };

typedef struct {
    int descriptor;
    double began;
    const char *head;
    size_t head_left, upload_sent;
    int is_sending;
    char answer_head[LARGEST_HEAD];
    size_t answer_head_length;
    // Of the answer's body; while its head has not arrived whole, `body_received` is -1.
    long body_received;
    int status_is_good;
} Connection;

static struct {
    int port, connections;
    double seconds;
    long requests, first, body, upload;
    const char *path, *tokens;
} options = {.connections = 64, .seconds = 1, .body = 1024, .path = "/api/orders"};

static Connection connections[MOST_CONNECTIONS];
static unsigned histogram[STEPS + 1];
static int poller;
// All request heads, one behind the other; number i begins at offsets[i].
static char *heads;
static size_t *offsets;
static long head_count, next_head;
static long started, finished, bytes_moved, bad_status, bad_body, broken;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void die(const char *what) {
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void make_heads(void) {
    FILE *file = options.tokens ? fopen(options.tokens, "r") : NULL;
    if (options.tokens && !file) die(options.tokens);
    char line[LONGEST_LINE] = "";
    size_t length = 0, room = 0;
    long places = 0;
    while (!file || fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (room < length + 2 * LONGEST_LINE) heads = realloc(heads, room = 2 * room + 4 * LONGEST_LINE);
        if (places < head_count + 2) offsets = realloc(offsets, sizeof *offsets * (places = 2 * places + 2));
        if (!heads || !offsets) die("memory");
        offsets[head_count++] = length;
        length += sprintf(
            heads + length, "%s %s HTTP/1.1\r\nHost: app.test\r\n%s%s%s", options.upload ? "POST" : "GET",
            options.path, file ? "Authorization: Bearer " : "", line, file ? "\r\n" : "");
        if (options.upload) length += sprintf(heads + length, "Content-Length: %ld\r\n", options.upload);
        length += sprintf(heads + length, "\r\n");
        if (!file) break;
    }
    if (file) fclose(file);
    if (head_count == 0) die("no token in the file");
    offsets[head_count] = length;
    next_head = options.first % head_count;
}

static void watch(Connection *connection, int operation) {
    struct epoll_event event = {
        .events = EPOLLIN | (connection->is_sending ? EPOLLOUT : 0), .data.ptr = connection};
    epoll_ctl(poller, operation, connection->descriptor, &event);
}

static void connect_anew(Connection *connection) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(options.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) != 0) die("connect");
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->is_sending = 0;
    watch(connection, EPOLL_CTL_ADD);
}

static void send_more(Connection *connection);

static void start_request(Connection *connection) {
    if (options.requests && started >= options.requests) return;
    started++;
    long number = next_head;
    next_head = number + 1 < head_count ? number + 1 : 0;
    connection->head = heads + offsets[number];
    connection->head_left = offsets[number + 1] - offsets[number];
    connection->upload_sent = 0;
    connection->answer_head_length = 0;
    connection->body_received = -1;
    connection->began = now();
    send_more(connection);
}

static void fail(Connection *connection) {
    if (++broken > MOST_ERRORS) {
        fprintf(stderr, "load: too many broken connections\n");
        exit(1);
    }
    close(connection->descriptor);
    connect_anew(connection);
    started--;
    start_request(connection);
}

// Sends what the socket takes of the request; goes on when there is room again.
static void send_more(Connection *connection) {
    int was_sending = connection->is_sending;
    int is_full = 0;
    while (connection->head_left > 0 && !is_full) {
        ssize_t sent = send(
            connection->descriptor, connection->head, connection->head_left, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) return fail(connection);
        is_full = sent < 0;
        if (is_full) continue;
        connection->head += sent;
        connection->head_left -= sent;
    }
    while (!is_full && connection->upload_sent < (size_t)options.upload) {
        size_t left = options.upload - connection->upload_sent;
        ssize_t sent = send(
            connection->descriptor, pattern_at(connection->upload_sent), left < PATTERN_PIECE ? left : PATTERN_PIECE,
            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) return fail(connection);
        is_full = sent < 0;
        if (is_full) continue;
        connection->upload_sent += sent;
        bytes_moved += sent;
    }
    connection->is_sending = is_full;
    if (was_sending != is_full) watch(connection, EPOLL_CTL_MOD);
}

static void finish_answer(Connection *connection) {
    double end = now();
    double steps = (end - connection->began) * 1e6 * STEPS_PER_MICROSECOND;
    histogram[steps < STEPS ? (long)steps : STEPS]++;
    finished++;
    start_request(connection);
}

// Takes the head off the front of what has arrived. 0: more is needed, or the connection is broken.
static int read_head(Connection *connection, const char **bytes, size_t *count) {
    size_t before = connection->answer_head_length;
    size_t room = LARGEST_HEAD - 1 - before;
    size_t taken = *count < room ? *count : room;
    char *head = connection->answer_head;
    memcpy(head + before, *bytes, taken);
    head[before + taken] = 0;
    char *head_end = memmem(head, before + taken, "\r\n\r\n", 4);
    if (!head_end) {
        connection->answer_head_length += taken;
        if (taken == room) fail(connection);
        return 0;
    }
    head_end[2] = 0;
    size_t used = head_end + 4 - head - before;
    *bytes += used;
    *count -= used;
    connection->status_is_good = strncmp(head, "HTTP/1.1 200", 12) == 0;
    if (!connection->status_is_good) bad_status++;
    char *length = strcasestr(head, "\r\ncontent-length:");
    if (!length || (connection->status_is_good && atol(length + 17) != options.body)) {
        bad_body++;
        fail(connection);
        return 0;
    }
    connection->body_received = 0;
    // Of a refusal, only the length counts.
    if (!connection->status_is_good) connection->body_received = options.body - atol(length + 17);
    return 1;
}

static void receive(Connection *connection) {
    static char buffer[1 << 17];
    ssize_t received = recv(connection->descriptor, buffer, sizeof buffer, MSG_DONTWAIT);
    if (received < 0 && errno == EAGAIN) return;
    if (received <= 0) return fail(connection);
    const char *bytes = buffer;
    size_t count = received;
    if (connection->body_received < 0 && !read_head(connection, &bytes, &count)) return;
    if ((long)count > options.body - connection->body_received) {
        bad_body++;
        return fail(connection);
    }
    if (connection->status_is_good && !pattern_holds(bytes, count, connection->body_received)) {
        bad_body++;
        return fail(connection);
    }
    connection->body_received += count;
    bytes_moved += count;
    if (connection->body_received == options.body) finish_answer(connection);
}

// The latency in microseconds below which this share of all requests was.
static double quantile(double share) {
    long below = 0;
    for (long step = 0; step <= STEPS; step++) {
        below += histogram[step];
        if (below > 0 && below >= share * finished) return (double)step / STEPS_PER_MICROSECOND;
    }
    return 0;
}

static void report(double seconds) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double processor = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
                       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
    printf(
        "{\"requests\": %ld, \"bytes\": %ld, \"seconds\": %.6f, \"p50\": %.2f, \"p90\": %.2f, \"p99\": %.2f, "
        "\"bad_status\": %ld, \"bad_body\": %ld, \"broken\": %ld, \"processor\": %.6f}\n",
        finished, bytes_moved, seconds, quantile(.5), quantile(.9), quantile(.99), bad_status, bad_body, broken,
        processor);
}

static void read_options(int count, char **arguments) {
    static const struct option names[] = {
        {"connections", required_argument, NULL, 'c'}, {"seconds", required_argument, NULL, 's'},
        {"requests", required_argument, NULL, 'n'},    {"path", required_argument, NULL, 'p'},
        {"tokens", required_argument, NULL, 't'},      {"first", required_argument, NULL, 'f'},
        {"body", required_argument, NULL, 'b'},        {"upload", required_argument, NULL, 'u'},
        {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(count, arguments, "", names, NULL)) != -1) {
        switch (option) {
        case 'c': options.connections = atoi(optarg); break;
        case 's': options.seconds = atof(optarg); break;
        case 'n': options.requests = atol(optarg); break;
        case 'p': options.path = optarg; break;
        case 't': options.tokens = optarg; break;
        case 'f': options.first = atol(optarg); break;
        case 'b': options.body = atol(optarg); break;
        case 'u': options.upload = atol(optarg); break;
        default: exit(2);
        }
    }
    options.port = optind < count ? atoi(arguments[optind]) : 0;
    if (options.port <= 0 || options.connections < 1 || options.connections > MOST_CONNECTIONS) {
        fprintf(stderr, "load: see the head of load.c for what to give\n");
        exit(2);
    }
}

int main(int count, char **arguments) {
    read_options(count, arguments);
    pattern_fill();
    make_heads();
    poller = epoll_create1(0);
    for (int i = 0; i < options.connections; i++) connect_anew(&connections[i]);
    double start = now(), end = start + options.seconds;
    for (int i = 0; i < options.connections; i++) start_request(&connections[i]);
    struct epoll_event events[MOST_EVENTS];
    while (options.requests ? finished < options.requests : now() < end) {
        int ready = epoll_wait(poller, events, MOST_EVENTS, 100);
        for (int i = 0; i < ready; i++) {
            Connection *connection = events[i].data.ptr;
            if (events[i].events & EPOLLOUT) send_more(connection);
            if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) receive(connection);
        }
    }
    report(now() - start);
}
