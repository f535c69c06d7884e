// Each class has its own server processes. Two at a time keep two cores busy without starving the servers.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
