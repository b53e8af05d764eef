// The app behind the proxies: one thread, epoll, keep-alive. It answers at once, so that what is measured is
// the proxy.
//
//   usage: upstream PORT
//
//   GET /…/whoami     the value of X-Auth-User as it arrived, or "-"; all values where there are several
//   GET /…/asserted   the same of X-Ostiary-Assertion
//   GET /…/NUMBER     a body of that many bytes
//   GET /anything     a body of 1024 bytes
//   POST /anything    reads a body (Content-Length) and answers with 1024 bytes; 400 when the body is wrong
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pattern.h"

enum { LARGEST_HEAD = 16384, ORDINARY_BODY = 1024, MOST_EVENTS = 256 };

typedef struct {
    int descriptor;
    // Of a request head that has not arrived whole.
    size_t head_length;
    char head[LARGEST_HEAD];
    // Of a request body.
    size_t body_left, body_offset;
    int body_is_wrong;
    // Of the answer that is being sent.
    char answer_head[LARGEST_HEAD];
    size_t answer_head_length, answer_head_sent;
    size_t answer_body_length, answer_body_sent;
    int is_sending;
} Connection;

static int poller;

static void watch(Connection *connection, int operation) {
    struct epoll_event event = {.events = connection->is_sending ? EPOLLOUT : EPOLLIN, .data.ptr = connection};
    epoll_ctl(poller, operation, connection->descriptor, &event);
}

static void end(Connection *connection) {
    close(connection->descriptor);
    free(connection);
}

// Sends as much as the socket takes. 1: all is out; 0: there is more to send; -1: the connection is gone.
static int send_answer(Connection *connection) {
    while (connection->answer_head_sent < connection->answer_head_length) {
        ssize_t sent = send(
            connection->descriptor, connection->answer_head + connection->answer_head_sent,
            connection->answer_head_length - connection->answer_head_sent, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN ? 0 : -1;
        connection->answer_head_sent += sent;
    }
    while (connection->answer_body_sent < connection->answer_body_length) {
        size_t left = connection->answer_body_length - connection->answer_body_sent;
        size_t piece = left < PATTERN_PIECE ? left : PATTERN_PIECE;
        ssize_t sent = send(connection->descriptor, pattern_at(connection->answer_body_sent), piece, MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN ? 0 : -1;
        connection->answer_body_sent += sent;
    }
    return 1;
}

// Short answers go out with their head, in one system call.
static void begin_answer(Connection *connection, int status, const char *text, size_t length) {
    char *head = connection->answer_head;
    size_t used = sprintf(
        head, "HTTP/1.1 %d Answer\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n", status, length);
    connection->answer_head_sent = connection->answer_body_sent = 0;
    connection->answer_body_length = length;
    if (length <= LARGEST_HEAD - used) {
        memcpy(head + used, text ? text : pattern_at(0), length);
        used += length;
        connection->answer_body_length = 0;
    }
    connection->answer_head_length = used;
}

// All values of a field, given as "\r\nName:", with "," between them; as many as there is room for.
static void collect_values(const char *head, const char *name, char *values, size_t room) {
    size_t used = 0;
    for (const char *line = head; used < room && (line = strcasestr(line, name)) != NULL;) {
        line += strlen(name);
        line += strspn(line, " ");
        int length = (int)strcspn(line, "\r");
        used += snprintf(values + used, room - used, "%s%.*s", used ? "," : "", length, line);
    }
    if (used == 0) strcpy(values, "-");
}

static void answer_request(Connection *connection) {
    if (connection->body_is_wrong) {
        begin_answer(connection, 400, "wrong body", 10);
        return;
    }
    char *target = strchr(connection->head, ' ') + 1;
    char *target_end = target + strcspn(target, " \r");
    char *last = memrchr(target, '/', target_end - target);
    const char *name = NULL;
    if (last && strncmp(last, "/whoami", 7) == 0) name = "\r\nX-Auth-User:";
    if (last && strncmp(last, "/asserted", 9) == 0) name = "\r\nX-Ostiary-Assertion:";
    if (name) {
        char values[2048];
        collect_values(connection->head, name, values, sizeof values);
        begin_answer(connection, 200, values, strlen(values));
        return;
    }
    size_t length = last ? strtoul(last + 1, NULL, 10) : 0;
    begin_answer(connection, 200, NULL, length > 0 ? length : ORDINARY_BODY);
}

// Reads a head at the front of these bytes. The number of bytes used; 0: more are needed.
static size_t read_head(Connection *connection, const char *bytes, size_t count) {
    size_t room = LARGEST_HEAD - 1 - connection->head_length;
    size_t taken = count < room ? count : room;
    size_t before = connection->head_length;
    memcpy(connection->head + before, bytes, taken);
    connection->head[before + taken] = 0;
    char *head_end = memmem(connection->head, before + taken, "\r\n\r\n", 4);
    if (!head_end) {
        connection->head_length += taken;
        return 0;
    }
    head_end[2] = 0;
    char *length = strcasestr(connection->head, "\r\ncontent-length:");
    connection->body_left = length ? strtoul(length + 17, NULL, 10) : 0;
    connection->body_offset = 0;
    connection->body_is_wrong = 0;
    connection->head_length = 0;
    return head_end + 4 - connection->head - before;
}

// Handles what has arrived. One request at a time: whoever uses this server waits for its answer. 0: the connection is gone.
static int receive(Connection *connection, const char *bytes, size_t count) {
    while (count > 0) {
        size_t used;
        if (connection->body_left > 0) {
            used = count < connection->body_left ? count : connection->body_left;
            if (!pattern_holds(bytes, used, connection->body_offset)) connection->body_is_wrong = 1;
            connection->body_offset += used;
            connection->body_left -= used;
        } else {
            used = read_head(connection, bytes, count);
            if (used == 0) return connection->head_length < LARGEST_HEAD - 1;
        }
        bytes += used;
        count -= used;
        if (connection->body_left > 0) continue;
        answer_request(connection);
        int sent = send_answer(connection);
        if (sent < 0 || (sent == 0 && count > 0)) return 0;
        if (sent == 0) {
            connection->is_sending = 1;
            watch(connection, EPOLL_CTL_MOD);
        }
    }
    return 1;
}

static int handle(Connection *connection) {
    static char bytes[1 << 17];
    if (connection->is_sending) {
        int sent = send_answer(connection);
        if (sent == 1) {
            connection->is_sending = 0;
            watch(connection, EPOLL_CTL_MOD);
        }
        return sent >= 0;
    }
    ssize_t count = recv(connection->descriptor, bytes, sizeof bytes, 0);
    if (count < 0) return errno == EAGAIN;
    return count > 0 && receive(connection, bytes, count);
}

static int listen_on(int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1024) != 0) {
        perror("upstream: listen");
        exit(1);
    }
    return listener;
}

static void accept_all(int listener) {
    int descriptor, on = 1;
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Connection *connection = calloc(1, sizeof *connection);
        if (!connection) exit(1);
        connection->descriptor = descriptor;
        watch(connection, EPOLL_CTL_ADD);
    }
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: upstream PORT\n");
        return 2;
    }
    pattern_fill();
    poller = epoll_create1(0);
    int listener = listen_on(atoi(arguments[1]));
    struct epoll_event event = {.events = EPOLLIN}, events[MOST_EVENTS];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int ready = epoll_wait(poller, events, MOST_EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            Connection *connection = events[i].data.ptr;
            if (!connection)
                accept_all(listener);
            else if (!handle(connection))
                end(connection);
        }
    }
}
