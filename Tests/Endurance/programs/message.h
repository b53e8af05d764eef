// As much of HTTP/1.1 as both ends need: heads that are whole, bodies as they come.
#pragma once
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pattern.h"

enum { HEAD_LIMIT = 16 << 10 };

// The value of a field in a head that ends with a NUL, or NULL.
static inline const char *field(const char *head, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, name, length) == 0 && line[2 + length] == ':') {
            const char *value = line + 3 + length;
            while (*value == ' ') value++;
            return value;
        }
    }
    return NULL;
}

static inline bool field_is(const char *head, const char *name, const char *value) {
    const char *found = field(head, name);
    size_t length = strlen(value);
    return found && strncasecmp(found, value, length) == 0 && found[length] == '\r';
}

// A body that arrives, compared with what it has to be.
struct body {
    enum { NO_BODY, WITH_LENGTH, CHUNK_LINE, CHUNK_DATA, CHUNK_END, TRAILERS, TO_THE_END, WHOLE, MALFORMED } state;
    uint64_t number;    // whose bytes it must have
    bool is_checked;
    uint64_t received;
    uint64_t remaining;  // of the body, or of the chunk
    int64_t wrong_at;    // -1: nowhere
    char line[256];
    size_t line_length;
    char trailers[512];
    size_t trailers_length;
};

static inline void body_start(struct body *body, const char *head, uint64_t number, bool has_none, bool may_end) {
    memset(body, 0, sizeof *body);
    body->number = number;
    body->is_checked = true;
    body->wrong_at = -1;
    const char *length = field(head, "content-length");
    if (has_none) {
        body->state = WHOLE;
    } else if (field(head, "transfer-encoding")) {
        body->state = CHUNK_LINE;
    } else if (length) {
        body->remaining = strtoull(length, NULL, 10);
        body->state = body->remaining > 0 ? WITH_LENGTH : WHOLE;
    } else {
        body->state = may_end ? TO_THE_END : WHOLE;
    }
}

static inline void body_data(struct body *body, const unsigned char *bytes, size_t count) {
    if (body->is_checked && body->wrong_at < 0) {
        size_t same = pattern_match(body->number, body->received, bytes, count);
        if (same < count) body->wrong_at = (int64_t)(body->received + same);
    }
    body->received += count;
}

// Whether a line is whole; it is then in `line`.
static inline bool body_line(struct body *body, unsigned char byte) {
    if (body->line_length + 1 >= sizeof body->line) {
        body->state = MALFORMED;
        return false;
    }
    body->line[body->line_length++] = (char)byte;
    if (byte != '\n') return false;
    if (body->line_length < 2 || body->line[body->line_length - 2] != '\r') {
        body->state = MALFORMED;
        return false;
    }
    body->line[body->line_length - 2] = 0;
    body->line_length = 0;
    return true;
}

// Takes what is the body's; returns how much that was.
static inline size_t body_take(struct body *body, const unsigned char *bytes, size_t count) {
    size_t used = 0;
    while (used < count && body->state != WHOLE && body->state != MALFORMED) {
        size_t piece = count - used;
        switch (body->state) {
        case WITH_LENGTH:
        case CHUNK_DATA:
            if (piece > body->remaining) piece = body->remaining;
            body_data(body, bytes + used, piece);
            used += piece;
            body->remaining -= piece;
            if (body->remaining == 0) body->state = body->state == WITH_LENGTH ? WHOLE : CHUNK_END;
            break;
        case TO_THE_END:
            body_data(body, bytes + used, piece);
            used += piece;
            break;
        case CHUNK_LINE:
            if (body_line(body, bytes[used++])) {
                char *end;
                body->remaining = strtoull(body->line, &end, 16);
                if (end == body->line || (*end && *end != ';')) body->state = MALFORMED;
                else body->state = body->remaining > 0 ? CHUNK_DATA : TRAILERS;
            }
            break;
        case CHUNK_END:
            if (body_line(body, bytes[used++])) body->state = body->line[0] ? MALFORMED : CHUNK_LINE;
            break;
        case TRAILERS:
            if (body_line(body, bytes[used++])) {
                size_t length = strlen(body->line);
                if (length == 0) {
                    body->state = WHOLE;
                } else if (body->trailers_length + length + 3 < sizeof body->trailers) {
                    body->trailers_length += (size_t)sprintf(
                        body->trailers + body->trailers_length, "%s\r\n", body->line);
                }
            }
            break;
        default:
            return used;
        }
    }
    return used;
}
