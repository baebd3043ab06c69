/** Many runs, one after the other, that can be stopped and gone on with. */
@NullMarked
package dev.store.jepsen.series;

import org.jspecify.annotations.NullMarked;
