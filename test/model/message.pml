/*
 * Claim, extend, complete, expire, redrive: two workers, a sender, an operator and the clock, on two messages that want the
 * same key. spin plays every order of their steps. One `atomic` is one script of lua/: Redis runs it whole or not at all.
 *
 *   spin -run -safety message.pml      "errors: 0": no assertion fails, in any order
 */
#define MESSAGES 2
#define WORKERS  2
#define MAX_RECEIVES 2
#define CRASHES  2
#define REDRIVES 1
#define NONE 255

mtype = { absent, ready, inflight, dead, gone }
mtype = { free, pending, done }

mtype state[MESSAGES] = absent
byte receives[MESSAGES]       /* since it was sent or redriven: what maxReceives counts */
byte delivery[MESSAGES]       /* the receipt that holds now */
bool expired[MESSAGES]        /* the deadline has passed */
byte fence                    /* of the partition */
byte newest[MESSAGES]         /* the fence of its last delivery: what nothing older may follow */

mtype key = free
byte holder = NONE            /* the message for which the key is pending */
byte completions              /* that were accepted under the key */
byte crashes
byte redrives

#define receivable(i) (state[i] == ready || (state[i] == inflight && expired[i]))
#define rests(i) (state[i] == gone || state[i] == dead)

/* What holds after each step. */
inline sound() {
  assert(completions <= 1)
  assert((key == pending) == (holder != NONE))
  assert(holder == NONE || state[holder] == ready || state[holder] == inflight)
  assert(key != done || completions == 1)
  assert(!((state[0] == ready || state[0] == inflight) && (state[1] == ready || state[1] == inflight)))
}

/* send with a key: stored only where nobody has the key */
active [1] proctype sender() {
  byte m
  for (m : 0 .. MESSAGES - 1) {
    atomic {
      if
      :: key == free -> state[m] = ready; key = pending; holder = m
      :: else -> state[m] = gone   /* answered duplicate */
      fi
      sound()
    }
  }
}

/* a dead letter goes back: it claims its key again, or is a duplicate */
active proctype operator() {
  byte m
end:
  do
  :: atomic {
       redrives < REDRIVES && (state[0] == dead || state[1] == dead) ->
       m = (state[0] == dead -> 0 : 1)
       redrives++
       if
       :: key == free -> state[m] = ready; receives[m] = 0; key = pending; holder = m
       :: else -> state[m] = gone
       fi
       sound()
     }
  :: atomic { redrives == REDRIVES -> break }
  :: atomic { state[0] == gone && state[1] == gone -> break }
  od
}

/* time passes: the deadline of what is in flight */
active proctype clock() {
  byte m
end:
  do
  :: atomic { state[0] == inflight && !expired[0] -> expired[0] = true }
  :: atomic { state[1] == inflight && !expired[1] -> expired[1] = true }
  od
}

inline leaves(m) {
  if
  :: holder == m -> holder = NONE; key = free
  :: else
  fi
}

active [WORKERS] proctype worker() {
  byte m = NONE
  byte receipt
  byte mine
  bool lost
end:
  do
  :: atomic { /* receive: what is ready, or what has expired; a dead letter where it was received too often */
       m == NONE && (receivable(0) || receivable(1)) ->
       m = (receivable(0) -> 0 : 1)
       if
       :: receives[m] == MAX_RECEIVES -> state[m] = dead; leaves(m); m = NONE
       :: else ->
          state[m] = inflight; expired[m] = false
          receives[m]++; delivery[m]++; fence++
          assert(fence > mine)
          receipt = delivery[m]; mine = fence; newest[m] = fence; lost = false
       fi
       sound()
     }
  :: m != NONE && !lost ->
     if
     :: atomic { true; /* extend: also late, as long as nobody else has it */
          if
          :: state[m] == inflight && delivery[m] == receipt -> expired[m] = false; assert(mine == newest[m])
          :: else -> lost = true
          fi
          sound()
        }
     :: atomic { true; /* complete: the message goes and its key is remembered in one step */
          if
          :: state[m] == inflight && delivery[m] == receipt ->
             state[m] = gone; completions++; key = done
             assert(holder == m && mine == newest[m]); holder = NONE
          :: else -> lost = true
          fi
          sound(); m = NONE
        }
     :: atomic { true; /* the handler threw: back, or a dead letter at the last */
          if
          :: state[m] == inflight && delivery[m] == receipt && receives[m] == MAX_RECEIVES -> state[m] = dead; leaves(m)
          :: state[m] == inflight && delivery[m] == receipt && receives[m] < MAX_RECEIVES -> state[m] = ready
          :: else -> lost = true
          fi
          sound(); m = NONE
        }
     :: atomic { crashes < CRASHES -> crashes++; m = NONE } /* SIGKILL: it says nothing more */
     fi
  :: m != NONE && lost -> m = NONE /* it was told: its signal has aborted */
  od
}

/* When nobody can do anything any more, nothing is left in between. */
active proctype ending() {
end:
  timeout -> assert(rests(0) && rests(1))
}
