// The clients of the endurance run: so many connections at a time, each with one request or a few behind
// each other, each answer compared byte for byte with what it has to be.
//
//   load PORT REQUESTS CONNECTIONS SEED TOKEN WEATHER
//
// WEATHER is a file of four bytes that whoever runs us keeps: a counter, odd while the app is down or has
// just come back. An answer that fails in good weather, without having asked for it, is a fault.
// Those that find no app do not count towards REQUESTS.
// Prints a line of counters each second; the last one when all is done. Ends with 1 after a fault.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "message.h"

enum { PIECE = 64 << 10, BATCH = 4, DEADLINE = 30 };

struct request {
    uint64_t number, size, upload;
    char form, fault;
    bool is_head, is_refused, has_upload;
    uint32_t weather;
};

struct connection {
    int descriptor;
    struct request requests[BATCH];
    int count, current;
    unsigned char *output;
    size_t output_length, output_sent;
    // The client leaves after so many bytes were sent, or received; -1: it does not.
    int64_t leaves_after_sending, leaves_after_receiving;
    uint64_t received;
    bool in_body, answered_before, closes;
    char head[HEAD_LIMIT + 1];
    size_t head_length;
    int status;
    struct body body;
    time_t deadline;
};

static struct {
    uint64_t right, refused, truncated, unavailable, aborted, unanswered, bytes;
    uint64_t wrong, lost, hung;
} counts;

static int poller, port;
static uint64_t wanted, issued, next_number, random_state;
static const char *token;
static volatile const uint32_t *weather;
static unsigned char input[PIECE];

static uint64_t random_below(uint64_t bound) {
    random_state += 0x9E3779B97F4A7C15u;
    uint64_t word = random_state;
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9u;
    word = (word ^ word >> 27) * 0x94D049BB133111EBu;
    return (word ^ word >> 31) % bound;
}

static bool one_in(uint64_t count) { return random_below(count) == 0; }

static uint64_t settled(void) {
    return counts.right + counts.refused + counts.truncated + counts.unavailable + counts.aborted + counts.unanswered
        + counts.wrong + counts.lost + counts.hung;
}

__attribute__((format(printf, 4, 5))) static void fault(
    uint64_t *counter, const struct connection *connection, const struct request *request, const char *format, ...) {
    ++*counter;
    if (counts.wrong + counts.lost + counts.hung > 20) return;
    va_list rest;
    va_start(rest, format);
    fprintf(
        stderr, "load: request %llx (form %c, size %llu, fault %c%s%s, upload %llu, %d of %d, weather %u now %u): ",
        (unsigned long long)request->number, request->form, (unsigned long long)request->size, request->fault,
        request->is_head ? ", HEAD" : "", request->is_refused ? ", bad token" : "",
        (unsigned long long)request->upload, connection->current + 1, connection->count, request->weather, *weather);
    vfprintf(stderr, format, rest);
    fputc('\n', stderr);
    va_end(rest);
}

// Whether the app was away at some time while the request was under way.
static bool was_stormy(const struct request *request) {
    return request->weather % 2 == 1 || *weather != request->weather;
}

// MARK: - Requests

static uint64_t random_size(void) {
    uint64_t draw = random_below(1000);
    if (draw < 60) return 0;
    if (draw < 160) return 1;
    if (draw < 900) return 1 + random_below(2048);
    if (draw < 970) return random_below(16 << 10);
    if (draw < 999) return random_below(64 << 10);
    return random_below(2 << 20);
}


static void add_text(struct connection *connection, const char *format, ...) {
    va_list rest;
    va_start(rest, format);
    connection->output_length +=
        (size_t)vsprintf((char *)connection->output + connection->output_length, format, rest);
    va_end(rest);
}

static void add_pattern(struct connection *connection, uint64_t body, uint64_t offset, size_t count) {
    pattern_fill(body, offset, connection->output + connection->output_length, count);
    connection->output_length += count;
}

static void write_request(struct connection *connection, struct request *request, bool plain) {
    static const char forms[] = "llllllccctenm", faults[] = "hbrihbis";
    *request = (struct request){.number = next_number++, .form = 'l', .fault = '-', .weather = *weather};
    request->size = random_size();
    if (!plain) {
        request->form = forms[random_below(sizeof forms - 1)];
        request->is_head = one_in(20);
        request->is_refused = one_in(25);
        request->has_upload = !request->is_head && one_in(5);
        if (one_in(60)) request->fault = faults[random_below(sizeof faults - 1)];
        // It costs a client two seconds.
        if (request->fault == 's' && !one_in(50)) request->fault = '-';
        // Where the connection is the end of a body nobody can tell that it was cut.
        if (request->form == 'e' && request->fault == 'b') request->fault = 'h';
    }
    const char *area = request->is_refused || !one_in(3) ? "private" : "public";
    const char *method = request->is_head ? "HEAD" : request->has_upload ? "POST" : "GET";
    add_text(
        connection, "%s /%s/%llx/%c/%llu/%c HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUser-Agent: endurance\r\n", method, area,
        (unsigned long long)request->number, request->form, (unsigned long long)request->size, request->fault, port);
    if (area[1] == 'r')
        add_text(connection, "Authorization: Bearer %s%s\r\n", token, request->is_refused ? "x" : "");
    if (!request->has_upload) {
        add_text(connection, "\r\n");
        return;
    }
    request->upload = random_size();
    uint64_t body = upload_body(request->number);
    if (one_in(2)) {
        add_text(connection, "Content-Length: %llu\r\n\r\n", (unsigned long long)request->upload);
        add_pattern(connection, body, 0, request->upload);
        return;
    }
    add_text(connection, "Transfer-Encoding: chunked\r\n\r\n");
    for (uint64_t offset = 0; offset < request->upload;) {
        uint64_t piece = 1 + random_below(16 << 10);
        if (piece > request->upload - offset) piece = request->upload - offset;
        add_text(connection, "%llx\r\n", (unsigned long long)piece);
        add_pattern(connection, body, offset, piece);
        add_text(connection, "\r\n");
        offset += piece;
    }
    add_text(connection, "0\r\n\r\n");
}

static void write_batch(struct connection *connection) {
    connection->count = 1;
    connection->current = 0;
    connection->output_length = connection->output_sent = 0;
    connection->received = 0;
    connection->in_body = false;
    connection->head_length = 0;
    connection->deadline = time(NULL) + DEADLINE;
    bool pipelined = one_in(8);
    if (pipelined) connection->count = 2 + (int)random_below(BATCH - 1);
    for (int index = 0; index < connection->count; index++)
        write_request(connection, &connection->requests[index], pipelined);
    issued += (uint64_t)connection->count;
    connection->leaves_after_sending = connection->leaves_after_receiving = -1;
    if (one_in(100)) connection->leaves_after_sending = (int64_t)random_below(connection->output_length);
    else if (one_in(100)) connection->leaves_after_receiving = (int64_t)random_below(4096);
}

// MARK: - Connections

static void await_events(struct connection *connection) {
    bool sends = connection->output_sent < connection->output_length;
    struct epoll_event event = {.events = EPOLLIN | (sends ? EPOLLOUT : 0), .data.ptr = connection};
    epoll_ctl(poller, EPOLL_CTL_MOD, connection->descriptor, &event);
}

static void leave(struct connection *connection) {
    if (connection->descriptor < 0) return;
    if (one_in(2)) {
        struct linger now = {1, 0};
        setsockopt(connection->descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    close(connection->descriptor);
    connection->descriptor = -1;
    connection->answered_before = false;
}

static void start(struct connection *connection);

// The rest of the batch goes without answers, as it must when a connection ends.
static void give_up(struct connection *connection, uint64_t *counter) {
    *counter += (uint64_t)(connection->count - connection->current);
    connection->current = connection->count;
    leave(connection);
    start(connection);
}

static void start(struct connection *connection) {
    while (true) {
        // What fails at once while the app is down is no work done.
        if (issued - counts.unavailable >= wanted) {
            leave(connection);
            return;
        }
        if (connection->descriptor >= 0) break;
        int one = 1;
        struct sockaddr_in address = {
            .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
        if (connection->descriptor < 0 || connect(connection->descriptor, (void *)&address, sizeof address)) {
            perror("load: connect");
            exit(2);
        }
        fcntl(connection->descriptor, F_SETFL, O_NONBLOCK);
        setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        epoll_ctl(poller, EPOLL_CTL_ADD, connection->descriptor, &event);
        break;
    }
    write_batch(connection);
    await_events(connection);
}

static void send_more(struct connection *connection) {
    size_t end = connection->output_length;
    if (connection->leaves_after_sending >= 0) end = (size_t)connection->leaves_after_sending;
    while (connection->output_sent < end) {
        ssize_t count = send(
            connection->descriptor, connection->output + connection->output_sent, end - connection->output_sent,
            MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) return;
        if (count < 0) break;  // An early refusal; what was said is still to be read.
        connection->output_sent += (size_t)count;
    }
    if (connection->leaves_after_sending >= 0) {
        give_up(connection, &counts.aborted);
        return;
    }
    connection->output_sent = connection->output_length;
    await_events(connection);
}

// MARK: - Answers

static void judge(struct connection *connection) {
    struct request *request = &connection->requests[connection->current];
    int status = connection->status;
    const char *head = connection->head;
    bool may_fail = request->fault == 'h' || request->fault == 'b' || request->fault == 'r' || request->fault == 's'
        // A body is not sent twice, and the app may have closed the connection that it was to go over.
        || request->has_upload || was_stormy(request);
    if (request->is_refused) {
        if (status == 401) counts.refused++;
        else fault(&counts.wrong, connection, request, "%d for a bad token", status);
    } else if (status >= 502 && status <= 504) {
        if (!may_fail) fault(&counts.lost, connection, request, "%d for nothing: %.400s", status, head);
        else counts.unavailable++;
    } else if (status != (request->form == 'n' ? 204 : request->form == 'm' ? 304 : 200)) {
        fault(&counts.wrong, connection, request, "status %d: %.300s", status, head);
    } else {
        const char *number = field(head, "x-number"), *upload = field(head, "x-upload");
        char right[64];
        sprintf(right, "%llu right\r", (unsigned long long)request->upload);
        bool empty = request->is_head || request->form == 'n' || request->form == 'm';
        if (!number || strtoull(number, NULL, 16) != request->number)
            fault(&counts.wrong, connection, request, "the answer to another request: %.300s", head);
        else if (!upload || strncmp(upload, right, strlen(right)) != 0)
            fault(&counts.wrong, connection, request, "the upload arrived wrong: %.300s", head);
        else if (connection->body.wrong_at >= 0)
            fault(
                &counts.wrong, connection, request, "wrong byte at %lld of the body",
                (long long)connection->body.wrong_at);
        else if (!empty && connection->body.received != request->size && request->form == 'e' && was_stormy(request))
            // The end of the connection is the end of such a body, also when the app is killed.
            counts.truncated++;
        else if (!empty && connection->body.received != request->size)
            fault(
                &counts.wrong, connection, request, "a whole answer of %llu bytes",
                (unsigned long long)connection->body.received);
        else if (request->fault == 'r' || request->fault == 'h' || request->fault == 's')
            fault(&counts.wrong, connection, request, "an answer where there was none");
        else if (request->form == 't' && !empty) {
            sprintf(right, "x-number: %llx", (unsigned long long)request->number);
            if (strncasecmp(connection->body.trailers, right, strlen(right)) == 0) counts.right++;
            else fault(&counts.wrong, connection, request, "trailers: %s", connection->body.trailers);
        } else
            counts.right++;
    }
    counts.bytes += connection->body.received;
    connection->current++;
    connection->in_body = false;
    connection->head_length = 0;
    connection->answered_before = true;
}

static void ended_by_peer(struct connection *connection) {
    struct request *request = &connection->requests[connection->current];
    bool is_cut = connection->in_body || connection->head_length > 0;
    if (is_cut && connection->in_body && connection->body.wrong_at >= 0)
        fault(&counts.wrong, connection, request, "wrong byte in a body that was cut");
    else if (is_cut && (request->fault == 'b' || was_stormy(request)))
        counts.truncated++;
    else if (is_cut)
        fault(
            &counts.lost, connection, request, "cut after %llu bytes of the body: %.300s",
            (unsigned long long)connection->body.received, connection->head);
    else
        fault(&counts.lost, connection, request, "closed without an answer");
    connection->current++;
    give_up(connection, &counts.unanswered);
}

static void head_arrived(struct connection *connection) {
    struct request *request = &connection->requests[connection->current];
    connection->status = atoi(connection->head + 9);
    connection->closes = field_is(connection->head, "connection", "close");
    bool empty = request->is_head || connection->status == 204 || connection->status == 304;
    body_start(&connection->body, connection->head, request->number, empty, true);
    connection->body.is_checked = connection->status == 200;
    connection->in_body = true;
}

static void take(struct connection *connection, const unsigned char *bytes, size_t count) {
    while (true) {
        if (connection->in_body) {
            size_t used = body_take(&connection->body, bytes, count);
            bytes += used, count -= used;
            if (connection->body.state == MALFORMED) {
                fault(
                    &counts.wrong, connection, &connection->requests[connection->current], "malformed chunks: %.300s",
                    connection->head);
                connection->current++;
                give_up(connection, &counts.unanswered);
                return;
            }
            if (connection->body.state != WHOLE) return;
            judge(connection);
            if (connection->closes) {
                give_up(connection, &counts.unanswered);
                return;
            }
            if (connection->current == connection->count) {
                if (count > 0) {
                    connection->current--;
                    fault(
                        &counts.wrong, connection, &connection->requests[connection->current],
                        "%zu bytes more than were asked for", count);
                    connection->current++;
                    leave(connection);
                } else if (one_in(50)) {
                    leave(connection);
                }
                start(connection);
                return;
            }
        }
        if (count == 0) return;
        connection->head[connection->head_length++] = (char)*bytes++;
        connection->head[connection->head_length] = 0;
        count--;
        if (connection->head_length >= 4
            && memcmp(connection->head + connection->head_length - 4, "\r\n\r\n", 4) == 0)
            head_arrived(connection);
        else if (connection->head_length == HEAD_LIMIT) {
            fault(&counts.wrong, connection, &connection->requests[connection->current], "an endless head");
            connection->current++;
            give_up(connection, &counts.unanswered);
            return;
        }
    }
}

static void receive(struct connection *connection) {
    ssize_t count = recv(connection->descriptor, input, sizeof input, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        if (connection->in_body && connection->body.state == TO_THE_END && count == 0) {
            connection->body.state = WHOLE;
            judge(connection);
            give_up(connection, &counts.unanswered);
        } else {
            ended_by_peer(connection);
        }
        return;
    }
    connection->received += (uint64_t)count;
    connection->deadline = time(NULL) + DEADLINE;
    if (connection->leaves_after_receiving >= 0
        && connection->received > (uint64_t)connection->leaves_after_receiving) {
        give_up(connection, &counts.aborted);
        return;
    }
    take(connection, input, (size_t)count);
}

// MARK: - The run

static void report(void) {
    printf(
        "settled=%llu right=%llu refused=%llu truncated=%llu unavailable=%llu aborted=%llu unanswered=%llu "
        "bytes=%llu wrong=%llu lost=%llu hung=%llu\n",
        (unsigned long long)settled(), (unsigned long long)counts.right, (unsigned long long)counts.refused,
        (unsigned long long)counts.truncated, (unsigned long long)counts.unavailable,
        (unsigned long long)counts.aborted, (unsigned long long)counts.unanswered, (unsigned long long)counts.bytes,
        (unsigned long long)counts.wrong, (unsigned long long)counts.lost, (unsigned long long)counts.hung);
    fflush(stdout);
}

int main(int count, char **arguments) {
    if (count != 7) return 64;
    signal(SIGPIPE, SIG_IGN);
    port = atoi(arguments[1]);
    wanted = strtoull(arguments[2], NULL, 10);
    int connections = atoi(arguments[3]);
    random_state = strtoull(arguments[4], NULL, 10);
    next_number = random_below(1 << 30) << 32;
    token = arguments[5];
    int file = open(arguments[6], O_RDONLY);
    weather = mmap(NULL, sizeof *weather, PROT_READ, MAP_SHARED, file, 0);
    if (weather == MAP_FAILED) {
        perror("load: weather");
        return 2;
    }
    poller = epoll_create1(0);
    struct connection *all = calloc((size_t)connections, sizeof *all);
    for (int index = 0; index < connections; index++) {
        all[index].descriptor = -1;
        // Room for a batch of small requests, or for one with a large upload and its chunk lines.
        all[index].output = malloc(3 << 20);
        start(&all[index]);
    }
    time_t second = time(NULL);
    struct epoll_event events[256];
    while (settled() < issued) {
        int ready = epoll_wait(poller, events, 256, 200);
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            int descriptor = connection->descriptor;
            if (events[index].events & EPOLLOUT) send_more(connection);
            // The next batch has begun on another connection.
            if (connection->descriptor != descriptor) continue;
            if (descriptor >= 0 && events[index].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(connection);
        }
        if (time(NULL) == second) continue;
        second = time(NULL);
        report();
        for (int index = 0; index < connections; index++) {
            struct connection *connection = &all[index];
            if (connection->descriptor < 0 || second <= connection->deadline) continue;
            fault(
                &counts.hung, connection, &connection->requests[connection->current], "nothing for %d s, head %zu bytes",
                DEADLINE, connection->head_length);
            connection->current++;
            give_up(connection, &counts.unanswered);
        }
    }
    report();
    return counts.wrong + counts.lost + counts.hung > 0;
}
