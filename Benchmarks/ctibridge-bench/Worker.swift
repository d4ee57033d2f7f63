internal import Foundation
internal import Synchronization

/// A thread that is waited for.
final class Worker: Sendable {
    private let isOver = DispatchGroup()

    @discardableResult
    static func start(_ body: @escaping @Sendable () -> Void) -> Worker {
        let worker = Worker()
        worker.isOver.enter()
        let isOver = worker.isOver
        Thread.detachNewThread {
            body()
            isOver.leave()
        }
        return worker
    }

    func join() {
        isOver.wait()
    }
}
