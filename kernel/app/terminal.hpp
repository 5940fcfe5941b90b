// SPDX-License-Identifier: MIT
// The two streams of the program: standard output is data, standard error is talk.
#pragma once

#include "values/failure.hpp"

#include <string_view>

namespace espalier::app {

// Whether the stream is a terminal that can draw; a pipe gets neither colour nor a bar.
bool draws_on_output();
bool draws_on_error();
int columns_of_error(); // 80 when it is no terminal
int card_columns();     // for cards on standard output

// Throws Failure (Exit::input_output) when it cannot be written.
void print(std::string_view text);
// Clears a progress line first; never fails.
void tell(std::string_view line);
void tell(const Failure&);
void warn(std::string_view line);

// Writes what is buffered; throws Failure when standard output could not take all of it.
void finish_output();

// Standard output went away (a pipe into `head`): nothing to say, the program ends.
struct OutputClosed {};

// The line under the text that is redrawn in place. Empty clears it.
void draw_status(std::string_view line);

} // namespace espalier::app
