#pragma once

// --- libcurl ---------------------------------------------------------------------------------------------------
// The setters and getters of libcurl are variadic, which Swift cannot call: one typed function for each kind of
// argument. Handles are void pointers and options plain numbers, so that this header needs nothing of libcurl.

#include <stddef.h>
#include <stdint.h>

/// All return the CURLcode (CURLMcode for `multi`), 0 where it went well.
int cti_curl_set_long(void *easy, unsigned int option, long value);
int cti_curl_set_int64(void *easy, unsigned int option, int64_t value);
/// libcurl copies the text.
int cti_curl_set_string(void *easy, unsigned int option, const char *value);
int cti_curl_set_pointer(void *easy, unsigned int option, void *value);
int cti_curl_set_data_callback(
    void *easy, unsigned int option, size_t (*callback)(char *bytes, size_t size, size_t count, void *context));
/// CURLOPT_PREREQFUNCTION.
int cti_curl_set_request_callback(
    void *easy,
    int (*callback)(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port));
int cti_curl_multi_set_long(void *multi, unsigned int option, long value);
/// The value asked for, or 0 where libcurl does not know it.
long cti_curl_get_long(void *easy, unsigned int info);
int64_t cti_curl_get_int64(void *easy, unsigned int info);
/// NULL where there is none. Valid as long as the handle and its next transfer allow.
const char *cti_curl_get_string(void *easy, unsigned int info);

/// An eventfd with close-on-exec and non-blocking set, or -1: Glibc's module map has no <sys/eventfd.h>.
int cti_eventfd(void);
/// Names the calling thread (at most 15 bytes): pthread_setname_np is a GNU extension the module map hides.
void cti_name_this_thread(const char *name);
/// Keeps every signal away from the calling thread, SIGPIPE of a TLS write included.
void cti_block_signals_in_this_thread(void);
