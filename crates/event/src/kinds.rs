//! Kinds of events as bits, so that one look tells whether an event concerns somebody. It looks into no event.

use super::EventKind;

macro_rules! kinds {
    ($($name:ident $pattern:pat => $bit:literal,)*) => {
        $(
            #[doc = concat!("The bit of `", stringify!($pattern), "`.")]
            pub const $name: u64 = 1 << $bit;
        )*

        impl EventKind {
            /// A bit for this kind of event, so that a number is a set of kinds. Kinds that are seldom looked for share one.
            #[inline]
            #[must_use]
            pub fn bit(&self) -> u64 {
                match self {
                    $($pattern => $name,)*
                }
            }
        }
    };
}

kinds! {
    SITE EventKind::SiteDefined { .. } => 0,
    SPAWNED EventKind::TaskSpawned { .. } => 1,
    ENQUEUED EventKind::Enqueued { .. } => 2,
    ITERATION EventKind::IterationStarted { .. } => 3,
    POLL EventKind::PollStarted { .. } => 4,
    POLL_END EventKind::PollEnded { .. } => 5,
    DROPPED EventKind::TaskDropped { .. } => 6,
    WAIT EventKind::WaitBegan { .. } => 7,
    WAIT_END EventKind::WaitEnded { .. } => 8,
    ENTERED EventKind::FrameEntered { .. } => 9,
    JOB EventKind::JobQueued { .. } => 10,
    JOB_START EventKind::JobStarted { .. } => 11,
    JOB_END EventKind::JobFinished { .. } => 12,
    TIMER EventKind::TimerArmed { .. } => 13,
    FIRED EventKind::TimerFired { .. } => 14,
    TIMER_CANCELLED EventKind::TimerCancelled { .. } => 15,
    THING EventKind::ResourceCreated { .. } => 16,
    CHANGED EventKind::ResourceChanged { .. } => 17,
    HOLD EventKind::HoldChanged { .. } => 18,
    PRINTED EventKind::Printed { .. } => 19,
    IDLE EventKind::LoopIdle { .. } => 20,
    AWAKE EventKind::LoopAwake => 21,
    RUN_END EventKind::RunEnded { .. } => 22,
    CLEAN_UP EventKind::CleanUpBegan { .. } => 23,
    CANCEL EventKind::CancelRequested { .. } => 24,
    BUSY EventKind::BusyBegan { .. } => 25,
    BUSY_END EventKind::BusyEnded { .. } => 26,
    OTHER EventKind::RunStarted { .. }
        | EventKind::WakeCoalesced { .. }
        | EventKind::TaskPanicked { .. }
        | EventKind::TaskReturned { .. }
        | EventKind::TaskFailed { .. }
        | EventKind::FrameLeft { .. }
        | EventKind::Unattended
        | EventKind::EventsLost { .. } => 27,
}

/// How many bits there are.
pub const COUNT: usize = OTHER.trailing_zeros() as usize + 1;
/// Every kind.
pub const ALL: u64 = u64::MAX;
