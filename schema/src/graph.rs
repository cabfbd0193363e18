//! Cycles in graphs.

/// For each node the number of its strongly connected component: an edge is part of a cycle if both its ends are in
/// the same one. `edges` lists the targets of each node.
///
/// Tarjan's algorithm, without recursion: a schema may hold a chain of any length.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut state = State {
        order: vec![None; edges.len()],
        lowest: vec![0; edges.len()],
        component: vec![None; edges.len()],
        open: Vec::new(),
        visited: 0,
        components: 0,
    };
    for node in 0..edges.len() {
        if state.order.get(node) == Some(&None) {
            state.visit(edges, node);
        }
    }
    state.component.into_iter().map(Option::unwrap_or_default).collect()
}

struct State {
    /// The time at which each node was first seen.
    order: Vec<Option<usize>>,
    /// The earliest open node that each can reach.
    lowest: Vec<usize>,
    component: Vec<Option<usize>>,
    /// Nodes whose component is not known yet.
    open: Vec<usize>,
    visited: usize,
    components: usize,
}

#[expect(clippy::indexing_slicing, reason = "nodes are indices of `edges`, and every list is as long")]
impl State {
    fn visit(&mut self, edges: &[Vec<usize>], root: usize) {
        self.enter(root);
        // Each node on the way down, with the next of its edges.
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(target) = edges[node].get(*next).copied() else {
                path.pop();
                if let Some((parent, _)) = path.last() {
                    self.lowest[*parent] = self.lowest[*parent].min(self.lowest[node]);
                }
                if self.order[node] == Some(self.lowest[node]) {
                    self.close(node);
                }
                continue;
            };
            *next += 1;
            match self.order.get(target) {
                Some(None) => {
                    self.enter(target);
                    path.push((target, 0));
                }
                Some(Some(order)) if self.component[target].is_none() => {
                    self.lowest[node] = self.lowest[node].min(*order);
                }
                _ => {}
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.order[node] = Some(self.visited);
        self.lowest[node] = self.visited;
        self.visited += 1;
        self.open.push(node);
    }

    /// The open nodes down to `root` are a component.
    fn close(&mut self, root: usize) {
        while let Some(node) = self.open.pop() {
            self.component[node] = Some(self.components);
            if node == root {
                break;
            }
        }
        self.components += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn nodes_of_a_cycle_share_a_component() {
        // 0 -> 1 -> 2 -> 1, 3 -> 3, 4
        let found = components(&[vec![1], vec![2], vec![1], vec![3], vec![]]);
        assert_eq!(found[1], found[2]);
        let others = [found[0], found[1], found[3], found[4]];
        assert!(others.iter().enumerate().all(|(index, one)| !others[..index].contains(one)), "{found:?}");
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let length = 1_000_000;
        let chain: Vec<Vec<usize>> = (0..length).map(|node| vec![(node + 1) % length]).collect();
        assert!(components(&chain).iter().all(|component| *component == 0));
    }
}
