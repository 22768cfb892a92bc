//! A program that uses smol, watched live in a window of its own process.
//!
//! Run it with `cargo run --release --example watch_smol`. It prints what it has counted when the window is closed.

use loopscope::scenarios::Source;
use loopscope::{app, smol}; // `smol` shadows the crate of that name
use std::time::Duration;

/// The program: twenty parcels go over a belt with room for three.
async fn work() -> u32 {
    let (belt, parcels) = smol::channel::bounded(3);
    let sorter = smol::spawn(async move {
        for parcel in 1..=20 {
            smol::Timer::after(Duration::from_millis(60)).await;
            belt.send(parcel).await.expect("the packer waits for all of them");
        }
    });
    let packer = smol::spawn(async move {
        let mut packed = 0;
        while parcels.recv().await.is_ok() {
            smol::Timer::after(Duration::from_millis(100)).await;
            packed += 1;
        }
        packed
    });
    sorter.await;
    packer.await
}

fn main() -> Result<(), app::OpenError> {
    let code = Source::rust("watch_smol.rs", include_str!("watch_smol.rs"));
    let packed = app::watch("watch_smol", code, || smol::block_on(work()))?;
    println!("{packed} parcels packed");
    Ok(())
}
