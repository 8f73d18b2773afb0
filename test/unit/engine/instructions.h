/* instructions.h - how many instructions a piece of a program takes, counted by valgrind. */
#ifndef TEST_ENGINE_INSTRUCTIONS_H
#define TEST_ENGINE_INSTRUCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Runs this program again, with the arguments "counted" and arg, under callgrind; counts[n] is what
 * it executed between its n-th calls of instructions_begin and instructions_end. There must be n of
 * them. False, with the reason on stderr: it could not be run, or ended with another status than 0. */
bool instructions_count(const char *arg, uint64_t *counts, size_t n);

void instructions_begin(void);
void instructions_end(void);

#endif
