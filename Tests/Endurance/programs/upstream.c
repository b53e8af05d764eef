// The app of the endurance run. What it answers stands in the path:
//   /…/NUMBER/FORM/SIZE/FAULT
// NUMBER (hexadecimal) says which bytes; FORM: l(ength), c(hunks), t(railers), e(nd of connection),
// n(204), m(304); FAULT: - none, h cut in the head, b cut in the body, r reset without an answer,
// i closed behind a whole answer without a word, s silence.
//
//   upstream PORT [wrong-byte|swapped|silent]   the second for showing that the run would notice
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "message.h"

enum { PIECE = 64 << 10 };

struct connection {
    int descriptor;
    enum { IN_HEAD, IN_UPLOAD, ANSWERING, SILENT } state;
    char head[HEAD_LIMIT + 1];
    size_t head_length;
    struct body upload;
    // The answer.
    uint64_t number, size, sent;
    char form, fault;
    bool to_head;
    unsigned char *output;
    size_t output_length, output_sent;
    bool ended;  // all of the answer is in `output`
};

static int poller;
static enum { HONEST, WRONG_BYTE, SWAPPED, MUTE } mode;
static uint64_t answers;

static void finish(struct connection *connection, bool reset) {
    if (reset) {
        struct linger now = {1, 0};
        setsockopt(connection->descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close(connection->descriptor);
    free(connection->output);
    free(connection);
}

static void await_events(struct connection *connection, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_MOD, connection->descriptor, &event);
}

static void add(struct connection *connection, const void *bytes, size_t count) {
    memcpy(connection->output + connection->output_length, bytes, count);
    connection->output_length += count;
}

// Makes the next piece of the answer's body.
static void refill(struct connection *connection) {
    connection->output_length = connection->output_sent = 0;
    uint64_t rest = connection->size - connection->sent;
    // A cut body ends somewhere in its second half.
    if (connection->fault == 'b') rest = connection->size - connection->size / 3 - connection->sent;
    size_t piece = rest < PIECE ? (size_t)rest : PIECE;
    bool chunked = connection->form == 'c' || connection->form == 't';
    char line[64];
    if (chunked && piece > 0) add(connection, line, (size_t)sprintf(line, "%zx\r\n", piece));
    pattern_fill(connection->number, connection->sent, connection->output + connection->output_length, piece);
    if (mode == WRONG_BYTE && answers % 1000 == 7 && piece > 0)
        connection->output[connection->output_length + piece / 2] ^= 1;
    connection->output_length += piece;
    connection->sent += piece;
    if (chunked && piece > 0) add(connection, "\r\n", 2);
    if (piece == rest) {
        connection->ended = true;
        if (connection->fault == 'b') return;
        if (connection->form == 'c') add(connection, "0\r\n\r\n", 5);
        if (connection->form == 't')
            add(connection, line,
                (size_t)sprintf(line, "0\r\nX-Number: %llx\r\n\r\n", (unsigned long long)connection->number));
    }
}

static void start_answer(struct connection *connection) {
    answers++;
    if (mode == MUTE && answers % 1000 == 7) connection->fault = 's';
    if (mode == SWAPPED && answers % 1000 == 7) connection->number ^= 1;
    if (connection->fault == 's') {
        connection->state = SILENT;
        await_events(connection, EPOLLIN);
        return;
    }
    if (!connection->output) connection->output = malloc(PIECE + 1024);
    connection->state = ANSWERING;
    connection->sent = connection->output_sent = 0;
    char *head = (char *)connection->output;
    int status = connection->form == 'n' ? 204 : connection->form == 'm' ? 304 : 200;
    int length = sprintf(
        head, "HTTP/1.1 %d X\r\nX-Number: %llx\r\nX-Upload: %llu %s\r\nContent-Type: text/plain\r\n", status,
        (unsigned long long)connection->number, (unsigned long long)connection->upload.received,
        connection->upload.wrong_at < 0 ? "right" : "wrong");
    bool empty = connection->form == 'n' || connection->form == 'm';
    if (connection->form == 'l')
        length += sprintf(head + length, "Content-Length: %llu\r\n", (unsigned long long)connection->size);
    if (connection->form == 'c' || connection->form == 't')
        length += sprintf(head + length, "Transfer-Encoding: chunked\r\n");
    if (connection->form == 'e') length += sprintf(head + length, "Connection: close\r\n");
    length += sprintf(head + length, "\r\n");
    if (connection->fault == 'h') length /= 2;
    connection->output_length = (size_t)length;
    connection->ended = connection->fault == 'h' || empty || connection->to_head;
    await_events(connection, EPOLLOUT);
}

// Returns false when the connection is gone.
static bool answer(struct connection *connection) {
    while (true) {
        while (connection->output_sent < connection->output_length) {
            ssize_t count = send(
                connection->descriptor, connection->output + connection->output_sent,
                connection->output_length - connection->output_sent, MSG_NOSIGNAL);
            if (count < 0 && errno == EAGAIN) return true;
            if (count < 0) {
                finish(connection, false);
                return false;
            }
            connection->output_sent += (size_t)count;
        }
        if (connection->ended) break;
        refill(connection);
    }
    if (strchr("hbi", connection->fault) || connection->form == 'e') {
        finish(connection, connection->fault == 'b' && connection->number % 2);
        return false;
    }
    connection->state = IN_HEAD;
    connection->head_length = 0;
    await_events(connection, EPOLLIN);
    return true;
}

// Returns false when the request is none of ours.
static bool read_target(struct connection *connection) {
    unsigned long long number, size;
    char *path = strchr(connection->head, '/');
    if (!path || sscanf(path, "/%*[a-z]/%llx/%c/%llu/%c", &number, &connection->form, &size, &connection->fault) != 4)
        return false;
    connection->number = number;
    connection->size = size;
    connection->to_head = strncmp(connection->head, "HEAD ", 5) == 0;
    return true;
}

static bool take(struct connection *connection, const unsigned char *bytes, size_t count) {
    while (count > 0) {
        if (connection->state == IN_HEAD) {
            connection->head[connection->head_length++] = (char)*bytes++;
            count--;
            connection->head[connection->head_length] = 0;
            if (connection->head_length < 4 || memcmp(connection->head + connection->head_length - 4, "\r\n\r\n", 4)) {
                if (connection->head_length == HEAD_LIMIT) return false;
                continue;
            }
            if (!read_target(connection)) return false;
            if (connection->fault == 'r') {
                finish(connection, true);
                return true;
            }
            body_start(&connection->upload, connection->head, upload_body(connection->number), false, false);
            connection->state = IN_UPLOAD;
        } else if (connection->state == IN_UPLOAD) {
            size_t used = body_take(&connection->upload, bytes, count);
            bytes += used, count -= used;
        } else {
            return false;
        }
        if (connection->state == IN_UPLOAD && connection->upload.state == MALFORMED) return false;
        if (connection->state == IN_UPLOAD && connection->upload.state == WHOLE) start_answer(connection);
    }
    return true;
}

static void receive(struct connection *connection) {
    static unsigned char input[PIECE];
    ssize_t count = recv(connection->descriptor, input, sizeof input, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        finish(connection, false);
        return;
    }
    if (!take(connection, input, (size_t)count)) {
        fprintf(stderr, "upstream: not a request of the run: %.200s\n", connection->head);
        exit(3);
    }
}

int main(int count, char **arguments) {
    if (count < 2) return 64;
    if (count > 2) {
        const char *names[] = {"honest", "wrong-byte", "swapped", "silent"};
        for (int index = 0; index < 4; index++)
            if (strcmp(arguments[2], names[index]) == 0) mode = (typeof(mode))index;
    }
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[1])),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 1024)) {
        perror("upstream");
        return 1;
    }
    poller = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    struct epoll_event events[256];
    while (true) {
        int ready = epoll_wait(poller, events, 256, -1);
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            if (!connection) {
                int descriptor;
                while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    connection = calloc(1, sizeof *connection);
                    connection->descriptor = descriptor;
                    struct epoll_event added = {.events = EPOLLIN, .data.ptr = connection};
                    epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &added);
                }
            } else if (events[index].events & EPOLLOUT && connection->state == ANSWERING) {
                answer(connection);
            } else {
                receive(connection);
            }
        }
    }
}
