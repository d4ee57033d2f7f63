// Before the first include: pthread_setname_np is a GNU extension.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CShims.h"

// --- libcurl ---------------------------------------------------------------------------------------------------

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

int cti_curl_set_long(void *easy, unsigned int option, long value) {
    return (int)curl_easy_setopt(easy, (CURLoption)option, value);
}

int cti_curl_set_int64(void *easy, unsigned int option, int64_t value) {
    return (int)curl_easy_setopt(easy, (CURLoption)option, (curl_off_t)value);
}

int cti_curl_set_string(void *easy, unsigned int option, const char *value) {
    return (int)curl_easy_setopt(easy, (CURLoption)option, value);
}

int cti_curl_set_pointer(void *easy, unsigned int option, void *value) {
    return (int)curl_easy_setopt(easy, (CURLoption)option, value);
}

int cti_curl_set_data_callback(
    void *easy, unsigned int option, size_t (*callback)(char *bytes, size_t size, size_t count, void *context)) {
    return (int)curl_easy_setopt(easy, (CURLoption)option, callback);
}

int cti_curl_set_request_callback(
    void *easy,
    int (*callback)(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port)) {
    return (int)curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}

int cti_curl_multi_set_long(void *multi, unsigned int option, long value) {
    return (int)curl_multi_setopt(multi, (CURLMoption)option, value);
}

long cti_curl_get_long(void *easy, unsigned int info) {
    long value = 0;
    return curl_easy_getinfo(easy, (CURLINFO)info, &value) == CURLE_OK ? value : 0;
}

int64_t cti_curl_get_int64(void *easy, unsigned int info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(easy, (CURLINFO)info, &value) == CURLE_OK ? (int64_t)value : 0;
}

const char *cti_curl_get_string(void *easy, unsigned int info) {
    char *value = NULL;
    return curl_easy_getinfo(easy, (CURLINFO)info, &value) == CURLE_OK ? value : NULL;
}

int cti_eventfd(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void cti_name_this_thread(const char *name) {
    (void)pthread_setname_np(pthread_self(), name);
}

void cti_block_signals_in_this_thread(void) {
    sigset_t all;
    sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
}
